import { expect, test } from "vitest";
import { readAll, testRowSource } from "../../testing/row-source-conformance.ts";
import { ProblemsError } from "../vocabulary/problem.ts";
import { ValueRows } from "./value-rows.ts";

testRowSource({
  name: "an array",
  open: async (records, options) => {
    const rows = [...records];
    return {
      source: new ValueRows(rows, options),
      change: async (changed) => void rows.splice(0, rows.length, ...changed),
    };
  },
});

testRowSource({
  name: "a function that begins anew",
  open: async (records, options) => {
    let rows = records;
    async function* begin() {
      yield* rows;
    }
    return {
      source: new ValueRows(begin, options),
      change: async (changed) => {
        rows = changed;
      },
    };
  },
});

test("what can be gone through only once can be read as often as needed", async () => {
  function* count() {
    for (let number = 1; number <= 3; number += 1) yield { number };
  }
  const source = new ValueRows(count());
  expect(await source.scan()).toMatchObject({ count: 3, columns: ["number"], format: "jsonl" });
  for (let pass = 0; pass < 2; pass += 1) {
    expect((await readAll(source)).map(({ values }) => values)).toEqual([...count()]);
  }
});

test.each([
  [{ a: 1, b: NaN }, /the row cannot be written as JSON: "b" is NaN/],
  [{ a: 1n }, /the row cannot be written as JSON: .*BigInt/],
  [{ a: () => 1 }, /the row cannot be written as JSON: "a" is \(\) => 1/],
  [[1, 2], /not an object/],
  [{ a: 2 ** 60 }, /cannot be kept exactly/],
])("%o is refused with the row's number and the way out", async (value, message) => {
  const source = new ValueRows([{ a: 1 }, value]);
  const error = await source.scan().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ProblemsError);
  expect(error).toHaveProperty("message", expect.stringMatching(message));
  expect(error).toMatchObject({ problems: [{ file: "rows", position: { line: 2 } }] });
});

test("declared columns are checked as in a file", async () => {
  const columnTypes = new Map([["price", "number"] as const]);
  const source = new ValueRows([{ price: 2 }, { price: "2" }, {}], { columnTypes });
  await expect(source.scan()).rejects.toMatchObject({
    problems: [
      { message: 'the field "price" is not a number', position: { line: 2, column: 2 } },
      { message: expect.stringContaining('"price", which the pipeline declares, is missing') },
    ],
  });
});

test("no rows at all are a mistake, as an empty file is", async () => {
  await expect(new ValueRows([]).scan()).rejects.toMatchObject({
    problems: [{ message: "there are no rows", file: "rows" }],
  });
});
