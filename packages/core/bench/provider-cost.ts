import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { OpenAI } from "openai";
import pLimit from "p-limit";
import { Agent } from "undici";
import { systemClock } from "../src/clock/system-clock.ts";
import { createOpenAiProvider } from "../src/provider/openai-provider.ts";
import type { ModelRequest } from "../src/vocabulary/model-request.ts";
import type { NamedKey } from "../src/vocabulary/named-key.ts";
import { createRedaction } from "../src/vocabulary/redaction.ts";
import { Secret } from "../src/vocabulary/secret.ts";

/**
 * Measures the CPU time that one call takes in this process: bare `undici.request`, the provider, and
 * the openai client as it comes. They take turns in one run, so that a busy machine hits all alike.
 * The server is the simulator, in a process of its own.
 *
 *     node bench/provider-cost.ts [NAME]     only the way of that name, for --cpu-prof
 */
const CONCURRENCY = 32;
const CALLS_A_ROUND = 2_000;
const ROUNDS = 9;

const server = spawn(
  process.execPath,
  ["../../simulator/src/main.ts", "../../../fixtures/scenarios/zero-latency.yml"].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  ),
  { stdio: ["ignore", "pipe", "inherit"] },
);
const [ready] = await once(server.stdout, "data");
const baseUrl: string = JSON.parse(String(ready)).url;

const request: ModelRequest = {
  model: "gpt-5-mini",
  messages: [
    { role: "system", content: "You triage support tickets." },
    { role: "user", content: "The printer on the second floor is on fire again. ".repeat(12) },
  ],
  maxOutputTokens: 300,
  output: { kind: "text" },
};

const agent = new Agent({ allowH2: false });
async function callBare(): Promise<string> {
  const { body } = await agent.request({
    origin: new URL(baseUrl).origin,
    path: `${new URL(baseUrl).pathname}/chat/completions`,
    method: "POST",
    headers: { authorization: "Bearer sk-bench", "content-type": "application/json" },
    body: JSON.stringify({ model: request.model, messages: request.messages }),
  });
  const completion = JSON.parse(await body.text());
  return completion.choices[0].message.content;
}

const secret = new Secret("sk-bench");
const key: NamedKey = {
  name: "bench",
  secret,
  limitGroup: "bench",
  endpoint: { baseUrl, organization: undefined, project: undefined },
  models: undefined,
};
const provider = createOpenAiProvider({ clock: systemClock, redact: createRedaction([secret]) });
const { signal } = new AbortController();
async function callProvider(): Promise<string> {
  const outcome = await provider.send(request, key, { timeoutMs: 60_000, signal });
  return outcome.kind === "replied" ? outcome.reply.text : "";
}

const client = new OpenAI({ apiKey: "sk-bench", baseURL: baseUrl });
async function callClient(): Promise<string> {
  const { choices } = await client.chat.completions.create({
    model: request.model,
    messages: request.messages.map(({ role, content }) => ({ role, content })),
    max_completion_tokens: 300,
  });
  return choices[0]?.message.content ?? "";
}

const ways = new Map([
  ["undici.request", callBare],
  ["provider", callProvider],
  ["openai client", callClient],
]);

async function measureRound(call: () => Promise<string>): Promise<number> {
  const limit = pLimit(CONCURRENCY);
  const before = process.cpuUsage();
  const texts = await Promise.all(Array.from({ length: CALLS_A_ROUND }, () => limit(call)));
  const { user, system } = process.cpuUsage(before);
  if (texts.includes("")) throw new Error("A call brought no text.");
  return (user + system) / CALLS_A_ROUND;
}

const only = process.argv[2];
const costs = new Map<string, number[]>();
for (let round = 0; round <= ROUNDS; round += 1) {
  for (const [name, call] of ways) {
    if (only !== undefined && only !== name) continue;
    const cost = await measureRound(call);
    // The first round warms up.
    if (round > 0) costs.set(name, [...(costs.get(name) ?? []), cost]);
  }
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1];
const bare = median(costs.get("undici.request") ?? []);
for (const [name, rounds] of costs) {
  const cost = median(rounds) ?? NaN;
  const ratio = bare === undefined ? "" : `${(cost / bare).toFixed(2)} x`;
  console.log(name.padEnd(16), `${cost.toFixed(0)} µs a call`.padStart(14), ratio.padStart(8));
}
server.kill();
await Promise.all([agent.close(), provider.close()]);
