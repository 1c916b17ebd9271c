import { expect, test } from "vitest";
import { readAll, testRowSource } from "../../testing/row-source-conformance.ts";
import { openRows } from "./open-rows.ts";
import { ALL_ROWS } from "./row-range.ts";
import { RowsInRange } from "./rows-in-range.ts";
import { ValueRows } from "./value-rows.ts";

testRowSource({
  name: "a source of one's own",
  open: async (records, options = {}) => {
    const rows = [...records];
    const { range = ALL_ROWS, ...others } = options;
    return {
      source: new RowsInRange(new ValueRows(rows, others), range),
      change: async (changed) => void rows.splice(0, rows.length, ...changed),
    };
  },
});

test.each([
  ["an iterable", (rows: object[]) => rows],
  ["a function that gives one", (rows: object[]) => () => rows],
  ["a source of one's own", (rows: object[]) => new ValueRows(rows)],
])("the range of %s counts its rows", async (_, make) => {
  const rows = Array.from({ length: 9 }, (_unused, index) => ({ n: index + 1 }));
  const source = await openRows(make(rows), { range: { from: 3, to: 5 } });
  expect(await source.scan()).toMatchObject({ count: 3 });
  expect(await readAll(source)).toMatchObject(
    [3, 4, 5].map((n, ordinal) => ({ ordinal, line: n, values: { n } })),
  );
});
