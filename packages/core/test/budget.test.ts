import { LLMock } from "@copilotkit/aimock";
import { expect, onTestFinished, test } from "vitest";
import { ECHO, FOUR_KEYS, makeEnvironment, makeRows, rowIds } from "./example.ts";
import { RUN, runRota } from "./rota-process.ts";
import { openSimulator, prepareRun, runHere } from "./stage.ts";

/** Of gpt-5-mini, in US dollars a token. */
const INPUT_PRICE = 0.25 / 1e6;
const OUTPUT_PRICE = 2 / 1e6;

test("a budget is never overshot with 32 calls in flight, and a larger one goes on from there", async () => {
  const simulator = await openSimulator();
  const spentUsd = () => {
    const { promptTokens, outputTokens } = simulator.stats();
    return promptTokens * INPUT_PRICE + outputTokens * OUTPUT_PRICE;
  };
  const folder = prepareRun(simulator.url, { rows: makeRows(600) });
  const stopped = await runRota(folder, makeEnvironment(), [...RUN, "--budget-usd", "0.02"]);
  expect(stopped.code).toBe(3);
  expect(spentUsd()).toBeLessThanOrEqual(0.02);
  expect(spentUsd()).toBeGreaterThan(0.019);
  expect(stopped.stderr).toMatch(/larger budget/);

  const stoppedAgain = await runRota(folder, makeEnvironment(), [...RUN, "--budget-usd", "0.025"]);
  expect(stoppedAgain.code).toBe(3);
  expect(spentUsd()).toBeLessThanOrEqual(0.025);

  const ended = await runRota(folder, makeEnvironment(), [...RUN, "--budget-usd", "1"]);
  expect(ended.code).toBe(0);
  expect(JSON.parse(ended.stdout).costUsd).toBeCloseTo(spentUsd(), 9);
  expect(folder.results().map(({ id }) => id)).toEqual(rowIds(600));
  expect(simulator.stats().repeats).toMatchObject({ requests: 0 });
});

test("calls that were never answered count against the budget, also of the next process", async () => {
  const simulator = await openSimulator({ ...FOUR_KEYS, faults: [{ kind: "stall" }] });
  const pipeline = ECHO.replace("concurrency: 32", "concurrency: 32, callTimeoutSeconds: 0.1");
  const folder = prepareRun(simulator.url, { pipeline, rows: makeRows(600) });
  const budgetUsd = 0.01;
  for (const _ of [1, 2, 3]) {
    expect(await runHere(folder, { budgetUsd })).toMatchObject({ status: "budget" });
  }
  const { promptTokens, outputTokens } = simulator.stats();
  expect(promptTokens * INPUT_PRICE + outputTokens * OUTPUT_PRICE).toBeLessThanOrEqual(budgetUsd);
});

test("a budget holds when the rows turn out to have many more tokens than those before", async () => {
  const mock = await LLMock.create({ host: "127.0.0.1", port: 0 });
  onTestFinished(() => mock.stop());
  let spentUsd = 0;
  // Plain words have four bytes a token; signs that no tokenizer has learned, one.
  const plain = "plain words ".repeat(300);
  const dense = "\u{12000}".repeat(4_000);
  mock.on({ endpoint: "chat" }, ({ messages }) => {
    const text = String(messages.at(-1)?.content);
    const bytes = Buffer.byteLength(text);
    const inputTokens = text.includes("plain") ? Math.ceil(bytes / 4) : bytes;
    spentUsd += inputTokens * INPUT_PRICE + 20 * OUTPUT_PRICE;
    return { content: "Yes.", usage: { prompt_tokens: inputTokens, completion_tokens: 20 } };
  });
  const rows = makeRows(300, (number) => (number > 100 ? dense : plain));
  const folder = prepareRun(`${mock.url}/v1`, { rows });
  const summary = await runHere(folder, { budgetUsd: 0.035 });
  expect(summary).toMatchObject({ status: "budget" });
  expect(summary.rows.done).toBeGreaterThan(100);
  expect(spentUsd).toBeLessThanOrEqual(0.035);
});
