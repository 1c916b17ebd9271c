import { expect, test } from "vitest";
import { limitGroupSchema } from "../scenario/limit-group-schema.ts";
import { LimitGroup } from "./limit-group.ts";

function makeGroup(settings: Parameters<typeof limitGroupSchema.parse>[0]): LimitGroup {
  return new LimitGroup(limitGroupSchema.parse(settings), 0);
}

test("a request is charged with its tokens, and the headers say what is left", () => {
  const group = makeGroup({ requestsPerMinute: 300, tokensPerMinute: 1_000 });
  expect(group.admit("gpt-5-mini", 250, 0)).toEqual({
    refusal: undefined,
    headers: [
      ["x-ratelimit-limit-requests", "300"],
      ["x-ratelimit-remaining-requests", "4"],
      ["x-ratelimit-reset-requests", "200ms"],
      ["x-ratelimit-limit-tokens", "1000"],
      ["x-ratelimit-remaining-tokens", "750"],
      ["x-ratelimit-reset-tokens", "15s"],
    ].flat(),
  });
});

test("a refusal names the limit that takes longest to recover", () => {
  const group = makeGroup({ requestsPerMinute: 60, tokensPerMinute: 600, countRefused: false });
  group.admit("gpt-5-mini", 600, 0);
  expect(group.admit("gpt-5-mini", 1, 0).refusal).toEqual({ limit: "requests", waitMs: 1_000 });
  expect(group.admit("gpt-5-mini", 300, 0).refusal).toEqual({ limit: "tokens", waitMs: 30_000 });
});

test("refused requests use up the request limit, and put off the next one", () => {
  const group = makeGroup({ requestsPerMinute: 60 });
  group.admit("gpt-5-mini", 0, 0);
  expect(group.admit("gpt-5-mini", 0, 0).refusal).toEqual({ limit: "requests", waitMs: 2_000 });
});

test("requests above the cap on those in flight use it up as well", () => {
  const group = makeGroup({ requestsPerMinute: 120, concurrency: 1 });
  group.admit("gpt-5-mini", 0, 0);
  group.admit("gpt-5-mini", 0, 0);
  group.leave();
  expect(group.admit("gpt-5-mini", 0, 0).refusal).toEqual({ limit: "requests", waitMs: 1_000 });
});

test("models share the group's limits, except those that have their own", () => {
  const group = makeGroup({
    requestsPerMinute: 60,
    models: { "gpt-5": { requestsPerMinute: 60 } },
  });
  expect(group.admit("gpt-5-mini", 0, 0).refusal).toBeUndefined();
  expect(group.admit("gpt-5-nano", 0, 0).refusal).toBeDefined();
  expect(group.admit("gpt-5", 0, 0).refusal).toBeUndefined();
});

test("no more requests are in flight than the group allows", () => {
  const group = makeGroup({ concurrency: 1 });
  group.admit("gpt-5-mini", 0, 0);
  expect(group.admit("gpt-5-mini", 0, 0).refusal).toEqual({ limit: "concurrency" });
  group.leave();
  expect(group.admit("gpt-5-mini", 0, 0).refusal).toBeUndefined();
});
