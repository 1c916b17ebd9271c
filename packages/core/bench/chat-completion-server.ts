import { createServer } from "node:http";

/**
 * A server that does as little as it can: one canned chat completion with rate-limit headers for
 * every request, at once. Prints its port; ends with its input.
 */
const reply = JSON.stringify({
  id: "chatcmpl-bench",
  object: "chat.completion",
  created: 1_700_000_000,
  model: "gpt-5-mini",
  choices: [
    {
      index: 0,
      message: { role: "assistant", content: "All is well. ".repeat(60), refusal: null },
      finish_reason: "stop",
      logprobs: null,
    },
  ],
  usage: {
    prompt_tokens: 160,
    completion_tokens: 200,
    total_tokens: 360,
    prompt_tokens_details: { cached_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0 },
  },
});

const headers = {
  "content-type": "application/json",
  "content-length": Buffer.byteLength(reply),
  "x-request-id": "req_bench",
  "x-ratelimit-limit-requests": "30000",
  "x-ratelimit-remaining-requests": "29999",
  "x-ratelimit-reset-requests": "2ms",
  "x-ratelimit-limit-tokens": "150000000",
  "x-ratelimit-remaining-tokens": "149999640",
  "x-ratelimit-reset-tokens": "1m0.5s",
};

const server = createServer((request, response) => {
  request.resume().on("end", () => response.writeHead(200, headers).end(reply));
});
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify(server.address())));
process.stdin.resume().on("end", () => process.exit());
