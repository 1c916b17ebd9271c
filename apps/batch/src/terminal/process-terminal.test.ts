import { expect, test } from "vitest";
import { withoutEchoes } from "./process-terminal.ts";

function hear(
  ...signals: readonly (readonly [atMs: number, signal: "SIGINT" | "SIGTERM" | "SIGHUP"])[]
) {
  let nowMs = 0;
  let heard = 0;
  const listen = withoutEchoes(
    () => (heard += 1),
    () => nowMs,
  );
  for (const [atMs, signal] of signals) {
    nowMs = atMs;
    listen(signal);
  }
  return heard;
}

test("one Ctrl-C that arrives twice is one", () => {
  expect(hear([0, "SIGINT"], [50, "SIGINT"])).toBe(1);
  expect(hear([0, "SIGINT"], [200, "SIGINT"])).toBe(2);
});

test("a hangup is heard, and never is the second signal that ends all at once", () => {
  expect(hear([0, "SIGHUP"])).toBe(1);
  expect(hear([0, "SIGHUP"], [500, "SIGHUP"], [3_000, "SIGHUP"])).toBe(1);
  expect(hear([0, "SIGTERM"], [500, "SIGHUP"])).toBe(1);
  expect(hear([0, "SIGHUP"], [500, "SIGTERM"])).toBe(2);
});
