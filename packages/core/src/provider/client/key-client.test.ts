import { expect, test } from "vitest";
import { answerWith, makeCompletion, startReplyServer } from "../../../testing/reply-server.ts";
import { systemClock } from "../../clock/system-clock.ts";
import { KeyClient } from "./key-client.ts";
import { createTransport } from "./transport.ts";

test("each request goes to its own path, with its own body, whatever was asked before", async () => {
  await using server = await startReplyServer((response) =>
    answerWith(response, makeCompletion("It is urgent.")),
  );
  const transport = createTransport();
  const client = new KeyClient(server.key, { transport, clock: systemClock });
  const options = { timeoutMs: 10_000 };
  const embed = (input: string) => client.send("/embeddings", { input }, options);
  const chat = (content: string) =>
    client.send("/chat/completions", { messages: [{ role: "user", content }] }, options);

  await chat("first");
  await embed("second");
  await chat("third");
  await embed("fourth");
  await transport.close();

  const sent = server.requests.map(({ url, body }) => {
    const { messages, input } = JSON.parse(body);
    return [url, input ?? messages[0].content];
  });
  expect(sent).toEqual([
    ["/v1/chat/completions", "first"],
    ["/v1/embeddings", "second"],
    ["/v1/chat/completions", "third"],
    ["/v1/embeddings", "fourth"],
  ]);
  const authorizations = server.requests.map(({ headers }) => headers.authorization);
  expect(new Set(authorizations)).toEqual(new Set(["Bearer sk-test-0123456789"]));
});
