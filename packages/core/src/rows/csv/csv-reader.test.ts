import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ProblemsError } from "../../vocabulary/problem.ts";
import type { OpenRowsOptions } from "../open-rows.ts";
import { openRowsFile } from "../open-rows.ts";
import { readAll, testRowFile } from "../../../testing/row-source-conformance.ts";

testRowFile({
  ending: ".csv",
  open: openRowsFile,
  format: (records) =>
    [Object.keys(records[0] ?? {}), ...records.map((record) => Object.values(record))]
      .map((cells) => cells.map((cell) => `"${String(cell).replaceAll('"', '""')}"`).join(","))
      .join("\n")
      .concat("\n"),
});

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "csv-"));
});
afterAll(() => rm(directory, { recursive: true }));

async function readCsv(text: string, options?: OpenRowsOptions) {
  const file = join(directory, "rows.csv");
  await writeFile(file, text);
  const source = await openRowsFile(file, options);
  const { columns } = await source.scan();
  const rows = await readAll(source);
  return { columns, rows, values: rows.map((row) => Object.values(row.values)) };
}

async function refuse(text: string, options?: OpenRowsOptions): Promise<ProblemsError> {
  const error: unknown = await readCsv(text, options).catch((thrown: unknown) => thrown);
  if (error instanceof ProblemsError) return error;
  throw error;
}

/** Each problem as `line:column code message`. */
async function findProblems(text: string, options?: OpenRowsOptions) {
  const { problems } = await refuse(text, options);
  return problems.map(
    ({ code, message, position }) => `${position?.line}:${position?.column} ${code} ${message}`,
  );
}

test("a byte order mark is no part of the first name", async () => {
  expect((await readCsv("\uFEFFid,name\n1,x\n")).columns).toEqual(["id", "name"]);
});

test.each(["id;name\n1;x\n", "id\tname\n1\tx\n", "id|name\n1|x\n", 'id,name\n1,"x"'])(
  "%j holds the same row",
  async (text) => {
    expect(await readCsv(text)).toMatchObject({ columns: ["id", "name"], values: [["1", "x"]] });
  },
);

test("lines end with LF or CRLF, even in one file, and blank ones are passed over", async () => {
  const { rows } = await readCsv('\r\na,b\r\n\r\n1,"x\r\ny"\r\n2,z\n\n\n3,"\r\n"\r\n4,w\r\n\r\n');

  expect(rows.map(({ line, cells }) => [line, cells])).toEqual([
    [4, ["1", "x\r\ny"]],
    [6, ["2", "z"]],
    [9, ["3", "\r\n"]],
    [11, ["4", "w"]],
  ]);
});

test("lines are counted right over many chunks", async () => {
  const records = Array.from({ length: 20_000 }, (_, n) => `${n},"two\r\nlines"\r\n`);
  const { rows } = await readCsv(`n,text\r\n${records.join("")}`);

  expect(rows.every(({ ordinal, line }) => line === 2 + 2 * ordinal)).toBe(true);
});

test("cells are taken as they stand: spaces, quotes, JSON", async () => {
  const { values } = await readCsv('a,b,c\n x ,"say ""hi""","{""k"": [1, 2]}"\n');

  expect(values).toEqual([[" x ", 'say "hi"', '{"k": [1, 2]}']]);
});

test("typed columns give typed values, and keep the cells they came from", async () => {
  const { rows } = await readCsv('n,b,j,s\n 01.50,TRUE,"[1,{}]",007\n,,,\n', {
    columnTypes: new Map([
      ["n", "number"],
      ["b", "boolean"],
      ["j", "json"],
    ]),
  });

  expect(rows.map((row) => Object.values(row.values))).toEqual([
    [1.5, true, [1, {}], "007"],
    [null, null, null, ""],
  ]);
  expect(rows[0]?.cells).toEqual([" 01.50", "TRUE", "[1,{}]", "007"]);
});

test("cells of the wrong type are found, digits that a number cannot hold among them", async () => {
  const columnTypes = new Map([
    ["age", "number"],
    ["ok", "boolean"],
    ["data", "json"],
  ] as const);

  expect(
    await findProblems("age,ok,data\n7,true,{}\nabc,yes,{\n12345678901234567890,,\n", {
      columnTypes,
    }),
  ).toEqual([
    '3:1 invalid-value "abc" in column "age" is not a number',
    '3:5 invalid-value "yes" in column "ok" is not a boolean',
    '3:9 invalid-value "{" in column "data" is not a json',
    '4:1 invalid-value "12345678901234567890" in column "age" is not a number',
  ]);
});

test.each([
  [
    "a,b,a,b,a\n",
    [
      '1:1 csv-header more than one column is named "a"',
      '1:3 csv-header more than one column is named "b"',
    ],
  ],
  ["\uFEFFa,b,a\n", ['1:1 csv-header more than one column is named "a"']],
  ["a,,c\n", ["1:1 csv-header column 2 of 3 has no name"]],
  ["\n\n", ["undefined:undefined file-unreadable the file is empty"]],
])("the header %j is refused", async (text, problems) => {
  expect(await findProblems(text)).toEqual(problems);
});

test("a header without the id column is refused once, not row by row", async () => {
  expect(await findProblems("id,body\n1,x\n2,y\n", { idColumn: "key" })).toEqual([
    '1:1 csv-header the column "key", which is to name the rows, is not in the file',
  ]);
});

test("100,000 names are gone through once, and a message lists the first of them", async () => {
  const names = Array.from({ length: 100_000 }, (_, index) => `c${index}`);
  const { columns, rows } = await readCsv(`${names}\n${names}\n`);
  expect(columns).toEqual(names);
  expect(rows[0]?.cells).toEqual(names);

  const { problems } = await refuse(`${names}\n${names}\n`, { idColumn: "key" });
  expect(problems[0]?.remedy).toMatch(/the file has: c0, c1, .*, c19 and 99980 more$/);
  const doubled = await refuse(`${names},${names}\n`);
  expect(doubled.problems).toHaveLength(21);
});

test("columns may have the names of what every object has", async () => {
  const { rows } = await readCsv("__proto__,constructor,toString,hasOwnProperty\n1,2,3,4\n");
  expect(Object.entries(rows[0]?.values ?? {})).toEqual([
    ["__proto__", "1"],
    ["constructor", "2"],
    ["toString", "3"],
    ["hasOwnProperty", "4"],
  ]);
});

test("a long cell of the wrong type is told by its length: a secret in it would be cut", async () => {
  const cell = `${"x".repeat(30)}sk-${"a1".repeat(20)}`;
  expect(
    await findProblems(`age\n${cell}\n`, { columnTypes: new Map([["age", "number"]]) }),
  ).toEqual(['2:1 invalid-value a text of 73 characters in column "age" is not a number']);
});

test("what is shown of a line is never cut near the place: a piece of a secret is not redacted", async () => {
  const secret = `sk-${"a1".repeat(100)}`;
  const text = `n,age,key\n"${"x".repeat(4_040)}",abc,${secret}\n`;
  const { problems } = await refuse(text, { columnTypes: new Map([["age", "number"]]) });
  expect(problems[0]?.position?.excerpt).toMatch(new RegExp(`${secret}$`));
});

test("every ragged row is named, with what was expected and found", async () => {
  expect(await findProblems('a,b\n1,2\n1\n"x\ny",2,3\n1,2\n')).toEqual([
    "3:1 csv-row the row has 1 cells where the header has 2",
    "4:1 csv-row the row has 3 cells where the header has 2",
  ]);
});

test("a broken quote is named where it opens, after the mistakes before it", async () => {
  expect(await findProblems('a,b\n1\n1,"x\n\n2,y\n')).toEqual([
    "2:1 csv-row the row has 1 cells where the header has 2",
    "3:3 csv-row the quote that opens this cell is never closed",
  ]);
  expect(await findProblems('a,b\n\n\n"x\ny",é"\n')).toEqual([
    "5:4 csv-row this cell has a quote in it but does not begin with one",
  ]);
  expect(await findProblems('\uFEFFa,b\n1,2\n"x,3\n"y",4\n')).toEqual([
    "3:1 csv-row a quote in this cell neither ends it nor is written twice",
  ]);
});

test("a row larger than 16 MiB is refused where it begins", async () => {
  expect(await findProblems(`a,b\n1,2\n1,"${"x".repeat(17 * 1024 * 1024)}"\n`)).toEqual([
    "3:3 too-large the row with this cell is larger than 16 MiB",
  ]);
});

const sample = process.env["ROTA_SAMPLE_CSV"];
test.skipIf(!sample)("a CSV from outside is read whole", async () => {
  const source = await openRowsFile(sample ?? "");
  const { columns, count } = await source.scan();
  const rows = await readAll(source);

  expect(rows).toHaveLength(count);
  expect(rows.every(({ values }) => Object.keys(values).length === columns.length)).toBe(true);
});

test("lines that end with a carriage return alone are lines", async () => {
  const file = join(directory, "old-mac.csv");
  await writeFile(file, 'id,note\r1,a\r2,"b\rc"\r\r3,d');
  const source = await openRowsFile(file);
  expect(await source.scan()).toMatchObject({ count: 3, columns: ["id", "note"] });
  const rows = await readAll(source);
  expect(rows.map(({ line, values }) => [line, values["id"], values["note"]])).toEqual([
    [2, "1", "a"],
    [3, "2", "b\rc"],
    [6, "3", "d"],
  ]);
});
