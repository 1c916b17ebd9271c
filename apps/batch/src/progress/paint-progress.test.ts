import type { KeyStatus } from "@rota/core";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createPalette } from "../terminal/palette.ts";
import { textWidth } from "../text/text-width.ts";
import { paintProgress, type Picture } from "./paint-progress.ts";

const palette = createPalette({ colors: false });

const key: KeyStatus = {
  name: "support-a",
  limitGroup: "support",
  health: "ready",
  reason: undefined,
  inFlight: 12,
  sent: 1812,
  succeeded: 1800,
  throttled: 0,
  requestsPerMinute: 1200,
  load: 0.62,
};

const picture: Picture = {
  title: "ticket-triage.yml over tickets.csv",
  simulated: true,
  progress: {
    rowsTotal: 3000,
    rowsEnded: 1234,
    rowsFailed: 3,
    callsSent: 2468,
    callsThrottled: 1,
    costUsd: 0.0123,
    isCostPartial: false,
    maxFurtherCostUsd: 0,
    rowsPerSecond: 45.2,
    timeLeftMs: 39_000,
    elapsedMs: 27_000,
    stopping: undefined,
    lastFailure: undefined,
  },
  keys: [
    key,
    {
      ...key,
      name: "research",
      limitGroup: "research",
      health: "held",
      reason: "asked to wait 12 s",
    },
    {
      ...key,
      name: "old",
      limitGroup: "old",
      health: "revoked",
      reason: "Incorrect API key",
      load: undefined,
    },
  ],
};

test("a run at 100 columns", () => {
  const lines = paintProgress(picture, { columns: 100, rows: 30, palette });
  expect(`\n${lines.join("\n")}\n`).toMatchInlineSnapshot(`
    "
    ticket-triage.yml over tickets.csv  simulated
    ██████████████████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  1,234 of 3,000 rows   41 %  39 s left
    27 s · 45 rows/s · 3 failed · would cost $0.0123 · 1 throttled · 2,468 calls

      key        limit group  load              in flight   sent  throttled
    ● support-a  support      ██████░░░░  62 %         12  1,812          0
    ◐ research   research     ██████░░░░  62 %         12  1,812          0  held: asked to wait 12 s
    ✕ old        old          ··········               12  1,812          0  revoked: Incorrect API key
    "
  `);
});

test("a run at 60 columns leaves out what matters least", () => {
  const lines = paintProgress(picture, { columns: 60, rows: 30, palette });
  expect(`\n${lines.join("\n")}\n`).toMatchInlineSnapshot(`
    "
    ticket-triage.yml over tickets.csv  simulated
    ██████░░░░░░░░  1,234 of 3,000 rows   41 %  39 s left
    27 s · 45 rows/s · 3 failed · would cost $0.0123

      key        load               sent
    ● support-a  ██████░░░░  62 %  1,812
    ◐ research   ██████░░░░  62 %  1,812  held: asked to wait 1…
    ✕ old        ··········        1,812  revoked: Incorrect AP…
    "
  `);
});

test("before the rows are counted there is no bar", () => {
  const progress = { ...picture.progress, rowsTotal: undefined };
  const lines = paintProgress(
    { ...picture, progress, keys: [] },
    { columns: 80, rows: 24, palette },
  );
  expect(lines[1]).toBe("reading rows …");
});

test("a failed row's reason is foreign: shown on one line, not obeyed", () => {
  const lastFailure = {
    place: "line 7",
    step: "reply",
    code: "x",
    message: "\u001b[2Jevil\nsecond",
  };
  const progress = { ...picture.progress, lastFailure };
  const lines = paintProgress({ ...picture, progress }, { columns: 100, rows: 30, palette });
  expect(lines.at(-1)).toBe(String.raw`line 7 failed at reply: \u{1b}[2Jevil second`);
});

test("of too many keys those in trouble and the busiest are shown", () => {
  const many = Array.from({ length: 40 }, (_, index) => ({
    ...key,
    name: `key-${index}`,
    inFlight: index,
  }));
  const keys = many.with(3, { ...key, name: "key-3", health: "revoked" as const });
  const lines = paintProgress({ ...picture, keys }, { columns: 80, rows: 12, palette });
  expect(lines.length).toBeLessThan(12);
  expect(lines.join("\n")).toMatch(/key-3 .*key-37 .*key-38 .*key-39 .*and 36 more/s);
});

test("no line is wider than the screen, and the block is not higher", () => {
  const text = fc.string({ unit: "grapheme" });
  const anyKey = fc.record({
    name: text,
    limitGroup: text,
    health: fc.constantFrom("ready", "held", "suspended", "revoked"),
    reason: fc.option(text, { nil: undefined }),
    inFlight: fc.nat(),
    sent: fc.nat(),
    succeeded: fc.nat(),
    throttled: fc.nat(),
    requestsPerMinute: fc.option(fc.nat(), { nil: undefined }),
    load: fc.option(fc.float({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
  });
  fc.assert(
    fc.property(
      text,
      fc.array(anyKey, { maxLength: 30 }),
      fc.option(text, { nil: undefined }),
      fc.integer({ min: 30, max: 200 }),
      fc.integer({ min: 10, max: 60 }),
      (title, keys, stopping, columns, rows) => {
        const progress = { ...picture.progress, stopping };
        const lines = paintProgress(
          { ...picture, title, keys, progress },
          { columns, rows, palette },
        );
        expect(lines.length).toBeLessThan(rows);
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(columns);
      },
    ),
  );
});
