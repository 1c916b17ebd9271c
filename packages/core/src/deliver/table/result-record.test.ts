import { expect, test } from "vitest";
import type { CallRecord, CallResult } from "../../vocabulary/journal.ts";
import type { Row } from "../../vocabulary/row.ts";
import { layOutGroups, layOutResults } from "./result-columns.ts";
import type { ResultStep } from "./result-columns.ts";
import { toGroupRecord, toResultRecord } from "./result-record.ts";
import type { RowResult } from "./result-record.ts";
import type { TableFormat } from "../../vocabulary/row-source.ts";

const STEPS: readonly ResultStep[] = [
  { id: "classify", output: { kind: "json-schema", fields: ["urgency", "tags"] } },
  { id: "reply", output: { kind: "text", fields: [] } },
];

const ROW: Row = {
  ordinal: 0,
  id: "r",
  content: "c",
  line: 2,
  values: { id: 7, body: "hi" },
  cells: ["007", "hi"],
};

function call(step: string, result: CallResult | undefined, attempts = 1): CallRecord {
  const id = { step, subject: { per: "row", ordinal: 0, content: "c" } } as const;
  return { id, attempts, unanswered: 0, result };
}

const CLASSIFIED = call(
  "classify",
  {
    status: "done",
    text: '{"urgency": "high", "tags": ["a"]}',
    finishReason: "stop",
    usage: { inputTokens: 100, cachedInputTokens: 0, outputTokens: 10 },
    costUsd: 0.1,
    latencyMs: 800.4,
    key: "main",
  },
  2,
);

const REPLIED = call("reply", {
  status: "done",
  text: "Dear customer",
  finishReason: "stop",
  usage: { inputTokens: 50, cachedInputTokens: 0, outputTokens: 20 },
  costUsd: 0.2,
  latencyMs: 200,
  key: "spare",
});

function toFields(result: Partial<RowResult>, format: TableFormat = "csv") {
  const table = layOutResults(["id", "body"], STEPS);
  const complete: RowResult = { row: ROW, calls: [], status: "done", error: undefined, ...result };
  const record = toResultRecord(table, complete, format);
  return Object.fromEntries(table.columns.map((column, index) => [column, record[index]]));
}

test("columns are those of the input, of each step's fields, and of control", () => {
  expect(layOutResults(["id", "body"], STEPS).columns).toEqual([
    "id",
    "body",
    "classify.urgency",
    "classify.tags",
    "reply",
    "__status",
    "__error",
    "__attempts",
    "__finish_reason",
    "__tokens_in",
    "__tokens_out",
    "__cost_usd",
    "__latency_ms",
    "__key",
  ]);
});

test("a row that is done has its outputs, and what they took together", () => {
  expect(toFields({ calls: [CLASSIFIED, REPLIED] })).toEqual({
    id: "007",
    body: "hi",
    "classify.urgency": "high",
    "classify.tags": ["a"],
    reply: "Dear customer",
    __status: "done",
    __error: undefined,
    __attempts: 3,
    __finish_reason: "stop",
    __tokens_in: 150,
    __tokens_out: 30,
    __cost_usd: 0.3,
    __latency_ms: 1000,
    __key: "main, spare",
  });
});

test("JSON lines have typed values where CSV has the cells as they came", () => {
  expect(toFields({ calls: [] }, "jsonl")).toMatchObject({ id: 7, body: "hi" });
});

test("a failed call shows its error, and its text is no output", () => {
  const failed = call("classify", {
    status: "failed",
    text: "I cannot say",
    error: { code: "output-invalid", message: "not JSON" },
    finishReason: "length",
  });
  const error = { step: "classify", code: "output-invalid", message: "not JSON" };

  expect(toFields({ calls: [failed], status: "failed", error })).toMatchObject({
    "classify.urgency": undefined,
    reply: undefined,
    __status: "failed",
    __error: "classify: output-invalid: not JSON",
    __attempts: 1,
    __finish_reason: "length",
    __tokens_in: undefined,
    __key: undefined,
  });
});

test("a cost of which a part is not known is not known", () => {
  const unpriced = call("reply", {
    status: "done",
    text: "x",
    usage: { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1 },
  });

  expect(toFields({ calls: [CLASSIFIED, unpriced] })["__cost_usd"]).toBe(undefined);
});

test("what a reply does not have is left empty, names of object members included", () => {
  const steps: readonly ResultStep[] = [
    { id: "s", output: { kind: "json-schema", fields: ["constructor", "__proto__"] } },
  ];
  const calls = [call("s", { status: "done", text: '{"__proto__": 1}' })];
  const result: RowResult = { row: ROW, calls, status: "done", error: undefined };

  expect(toResultRecord(layOutResults([], steps), result, "csv").slice(0, 2)).toEqual([
    undefined,
    1,
  ]);
});

test("control columns of an earlier run give way to this one's", () => {
  const table = layOutResults(["__status", "body", "__key"], []);
  expect(table.columns.slice(0, 3)).toEqual(["body", "__status", "__error"]);

  const row: Row = { ...ROW, cells: ["failed", "hi", "old"] };
  const result: RowResult = { row, calls: [], status: "skipped", error: undefined };
  expect(toResultRecord(table, result, "csv").slice(0, 2)).toEqual(["hi", "skipped"]);
});

test("records of a simulated run say so in a last column", () => {
  const table = layOutResults(["id", "body", "__simulated"], [], { simulated: true });
  expect(table.columns.at(-1)).toBe("__simulated");
  expect(table.columns).toHaveLength(12);

  const result: RowResult = { row: ROW, calls: [], status: "done", error: undefined };
  expect(toResultRecord(table, result, "csv").at(-1)).toBe(true);
});

test("a group's record has its key, the rows that it stands on, and what came of its steps", () => {
  const table = layOutGroups([STEPS[1]].filter((step) => step !== undefined));
  const counts = { total: 5, done: 3, failed: 1, skipped: 1, uncertain: 0 };
  const result = { key: "kettle", counts, calls: [REPLIED], status: "done" as const };
  const record = toGroupRecord(table, { ...result, error: undefined });
  expect(table.columns.slice(0, 4)).toEqual(["group", "rows", "reply", "__status"]);
  expect(record.slice(0, 4)).toEqual(["kettle", 4, "Dear customer", "done"]);
  expect(record).toHaveLength(table.columns.length);
});
