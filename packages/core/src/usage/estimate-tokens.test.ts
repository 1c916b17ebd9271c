import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { ChatMessage } from "../vocabulary/model-request.ts";
import { createRandom } from "../vocabulary/random.ts";
import { createTokenEstimator } from "./estimate-tokens.ts";

const user = (content: string): ChatMessage[] => [{ role: "user", content }];

test.each([
  // Counted in o200k_base, the encoding of the gpt-5 models, and 7 for the framing.
  ["English", "The printer on the second floor is on fire again.", 11 + 7],
  ["German", "Der Drucker im zweiten Stock brennt schon wieder.", 12 + 7],
  ["Japanese", "二階のプリンターがまた燃えています。", 12 + 7],
  ["Chinese", "打印机又着火了，请尽快派人来处理。", 14 + 7],
  ["code", "for (const row of rows) total += row.price * row.count;", 15 + 7],
])("covers %s before it has seen any call", (_, text, inputTokens) => {
  const estimate = createTokenEstimator().estimate("classify", user(text));
  expect(estimate).toBeGreaterThanOrEqual(inputTokens);
  expect(estimate).toBeLessThan(inputTokens * 2);
});

/** A fixed 400 tokens of schema, and dense text. */
const count = (length: number) => 400 + Math.round(length * 0.6);

test("comes close to a step whose calls follow a line", () => {
  const estimator = createTokenEstimator();
  for (let length = 100; length <= 4_000; length += 100) {
    estimator.learn("classify", user("x".repeat(length)), count(length));
  }
  const estimate = estimator.estimate("classify", user("x".repeat(2_000)));
  expect(estimate).toBeGreaterThanOrEqual(count(2_000));
  expect(estimate).toBeLessThan(count(2_000) * 1.1);
});

test("learns each step by itself", () => {
  const estimator = createTokenEstimator();
  const before = estimator.estimate("reply", user("Hello"));
  estimator.learn("classify", user("Hello"), 5_000);
  expect(estimator.estimate("reply", user("Hello"))).toBe(before);
});

test("falls short for few calls of a step whose density varies", () => {
  const random = createRandom(7);
  const estimator = createTokenEstimator();
  let short = 0;
  for (let call = 0; call < 2_000; call += 1) {
    const length = 200 + Math.floor(random() * 3_000);
    const messages = user("x".repeat(length));
    const inputTokens = Math.round(80 + length * (0.2 + random() * 0.1));
    if (call > 0 && estimator.estimate("classify", messages) < inputTokens) short += 1;
    estimator.learn("classify", messages, inputTokens);
  }
  expect(short).toBeLessThan(2_000 * 0.02);
});

test("estimates a positive whole number, whatever it was taught", () => {
  const call = fc.tuple(fc.string(), fc.nat());
  fc.assert(
    fc.property(fc.array(call), fc.string(), (calls, text) => {
      const estimator = createTokenEstimator();
      for (const [content, tokens] of calls) estimator.learn("any", user(content), tokens);
      const estimate = estimator.estimate("any", user(text));
      expect(Number.isSafeInteger(estimate) && estimate > 0).toBe(true);
    }),
  );
});
