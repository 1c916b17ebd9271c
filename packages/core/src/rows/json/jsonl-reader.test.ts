import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ProblemsError } from "../../vocabulary/problem.ts";
import type { OpenRowsOptions } from "../open-rows.ts";
import { openRowsFile } from "../open-rows.ts";
import { readAll, testRowFile } from "../../../testing/row-source-conformance.ts";

testRowFile({
  ending: ".jsonl",
  open: openRowsFile,
  format: (records) => records.map((record) => `${JSON.stringify(record)}\n`).join(""),
});

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "jsonl-"));
});
afterAll(() => rm(directory, { recursive: true }));

async function readJsonl(text: string, options?: OpenRowsOptions) {
  const file = join(directory, "rows.jsonl");
  await writeFile(file, text);
  const source = await openRowsFile(file, options);
  const { columns } = await source.scan();
  return { columns, rows: await readAll(source) };
}

/** Each problem as `line:column code message`. */
async function findProblems(text: string, options?: OpenRowsOptions) {
  const error: unknown = await readJsonl(text, options).catch((thrown: unknown) => thrown);
  if (!(error instanceof ProblemsError)) throw error;
  return error.problems.map(
    ({ code, message, position }) => `${position?.line}:${position?.column} ${code} ${message}`,
  );
}

test("columns are all fields, in the order in which they first appear", async () => {
  expect((await readJsonl('{"a":1,"b":2}\n{"c":3,"a":4}\n')).columns).toEqual(["a", "b", "c"]);
});

test("a byte order mark, CRLF, blank lines and U+2028 inside a string are taken", async () => {
  const { rows } = await readJsonl('\uFEFF{"a":"x\u2028y"}\r\n\r\n  \n {"a":"z"}');

  expect(rows.map(({ line, values }) => [line, values["a"]])).toEqual([
    [1, "x\u2028y"],
    [4, "z"],
  ]);
});

test("values stay what they are, at any depth without a prototype", async () => {
  const { rows } = await readJsonl('{"a":{"__proto__":{"x":[1.5,null,true]}}}\n');

  const nested = rows[0]?.values["a"];
  expect(JSON.stringify(nested)).toBe('{"__proto__":{"x":[1.5,null,true]}}');
  expect(Object.getPrototypeOf(nested)).toBe(null);
});

test("numbers may be ids", async () => {
  const { rows } = await readJsonl('{"id":7}\n{"id":"8"}\n', { idColumn: "id" });

  expect(rows.map(({ id }) => id)).toEqual(["7", "8"]);
});

test("lines that are no objects, or not JSON, are all found", async () => {
  const deep = `{"a":${"[".repeat(100)}${"]".repeat(100)}}`;
  expect(
    await findProblems(`[1]\n{"a":1}\n{"a":1,}\n"text"\n{"id":12345678901234567890}\n${deep}\n`),
  ).toEqual([
    "1:1 json-line this line is JSON, but not an object",
    "3:8 json-line this line cannot be read as JSON: Expected double-quoted property name",
    "4:1 json-line this line is JSON, but not an object",
    "5:7 json-line this line cannot be read as JSON: the number 12345678901234567890 cannot be kept exactly; write it as a string",
    "6:1 json-line this line cannot be read as JSON: it is nested deeper than 64 levels",
  ]);
});

test("no piece of what is not JSON is shown: it could be one of a secret", async () => {
  expect(await findProblems('{"key": sk-a1b2c3d4e5f6g7h8i9}\n')).toEqual([
    "1:1 json-line this line cannot be read as JSON: Unexpected token 's'",
  ]);
});

test("a hundred thousand brackets are a mistake, not the end of the process", async () => {
  const [problem] = await findProblems(`{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}\n`);
  expect(problem).toContain("nested deeper than 64 levels");
});

test("declared fields must be there and of their type, or null", async () => {
  const columnTypes = new Map([
    ["n", "number"],
    ["j", "json"],
  ] as const);

  expect(
    await findProblems('{"n":1,"j":[]}\n{"j":"x","n":"1"}\n{"n":null,"j":0}\n{"n":2}\n', {
      columnTypes,
    }),
  ).toEqual([
    '2:10 invalid-value the field "n" is not a number',
    '4:1 missing-field the field "j", which the pipeline declares, is missing',
  ]);
});

test("a line beyond 16 MiB is refused where it begins", async () => {
  expect(await findProblems(`{"a":1}\n{"a":"${"x".repeat(17 * 1024 * 1024)}"}\n`)).toEqual([
    "2:1 too-large this line is larger than 16 MiB",
  ]);
});

test("names without end are refused", async () => {
  const lines = Array.from({ length: 3_000 }, (_, n) => `{"field${n}":1}\n`);
  const [problem] = await findProblems(lines.join(""));
  expect(problem).toBe(
    "2001:1 too-large up to this line there are more than 2000 different field names",
  );
});
