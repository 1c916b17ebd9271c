import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { array, assert, asyncProperty, constantFrom, oneof, string } from "fast-check";
import { parse } from "csv-parse/sync";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { JsonValue } from "../../vocabulary/json.ts";
import { StorageError } from "../../vocabulary/error.ts";
import { openRows } from "../../rows/open-rows.ts";
import { readAll } from "../../../testing/row-source-conformance.ts";
import type { TableFormat } from "../../vocabulary/row-source.ts";
import { openTableWriter } from "./table-writer.ts";
import { placeOutput } from "../output-place.ts";
import { writeTextFile } from "../write-text-file.ts";

const placeOf = (path: string) => placeOutput({ file: path, realFile: path }, "a run");

let directory = "";
let file = "";
beforeEach(async () => {
  directory = await mkdtemp(join(await realpath(tmpdir()), "table-"));
  file = join(directory, "out.csv");
});
afterEach(() => rm(directory, { recursive: true }));

async function writeTable(
  format: TableFormat,
  columns: readonly string[],
  records: readonly (readonly (JsonValue | undefined)[])[],
) {
  const writer = await openTableWriter(placeOf(file), { format, columns });
  for (const record of records) await writer.write(record);
  await writer.commit();
}

test("CSV has a header, quotes where they are needed, and JSON for what is no text", async () => {
  await writeTable(
    "csv",
    ["id", "a b", "x,y"],
    [
      [1, 'say "hi"\n', null],
      [true, { k: [1] }, undefined],
    ],
  );

  expect(await readFile(file, "utf8")).toBe(
    'id,a b,"x,y"\n1,"say ""hi""\n",\ntrue,"{""k"":[1]}",\n',
  );
});

test("JSON lines keep types and the order of columns, and leave out what has no value", async () => {
  await writeTable(
    "jsonl",
    ["b", "2", "__proto__"],
    [
      ["x", 1.5, undefined],
      [undefined, null, "p"],
    ],
  );

  expect(await readFile(file, "utf8")).toBe('{"b":"x","2":1.5}\n{"2":null,"__proto__":"p"}\n');
});

const cell = oneof(
  string({ unit: "grapheme-composite" }),
  string({
    unit: constantFrom('"', ",", ";", "\t", "|", "\n", "\r", " ", "\uFEFF", "=", "'", "a"),
  }),
).map((text) => text.replaceAll("\0", ""));

test.each(["csv", "jsonl"] as const)("%s reads back as it was written", async (format) => {
  const table = array(cell, { minLength: 1, maxLength: 4 }).chain((first) =>
    array(array(cell, { minLength: first.length, maxLength: first.length }), { maxLength: 4 }),
  );
  await assert(
    asyncProperty(table, async (records) => {
      const columns = (records[0] ?? [""]).map((text, index) => `${text}n${index}`);
      file = join(directory, `rows.${format}`);
      await writeTable(format, columns, records.length > 0 ? records : [columns]);

      const source = await openRows(file);
      expect(await source.scan()).toMatchObject({ columns });
      const rows = await readAll(source);
      expect(rows.map(({ values }) => columns.map((column) => values[column]))).toEqual(
        records.length > 0 ? records : [columns],
      );
    }),
    { numRuns: 150 },
  );
});

test("a name that begins like a byte order mark keeps its beginning", async () => {
  await writeTable("csv", ["\uFEFFid"], [["1"]]);

  expect(await (await openRows(file)).scan()).toMatchObject({ columns: ["\uFEFFid"] });
});

test("NUL and half characters from a model do not make the table unreadable", async () => {
  await writeTable("csv", ["text"], [["a\0b"], ["\ud800"]]);

  const source = await openRows(file);
  await source.scan();
  expect((await readAll(source)).map(({ cells }) => cells)).toEqual([["a\uFFFDb"], ["\uFFFD"]]);
});

/** As spreadsheets take it for a formula: written apart from the program. */
const isLive = (text: string) =>
  /^\s*[=+@\-\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/.test(text) && Number.isNaN(Number(text));

test("with formulas escaped no cell is calculated, and numbers stay numbers", async () => {
  const trigger = constantFrom(
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
    " ",
    "1",
  );
  const text = array(oneof(trigger, cell), { maxLength: 4 }).map((parts) => parts.join(""));
  await assert(
    asyncProperty(array(text, { minLength: 1, maxLength: 5 }), async (texts) => {
      const writer = await openTableWriter(placeOf(file), {
        format: "csv",
        columns: texts,
        formulas: "escape",
      });
      await writer.write(texts);
      await writer.commit();
      const records: string[][] = parse(await readFile(file, "utf8"), { relax_column_count: true });
      expect(records).toHaveLength(2);
      for (const record of records) {
        expect(record.filter(isLive)).toEqual([]);
        const unescaped = record.map((one, index) =>
          one === `'${texts[index]}` ? one.slice(1) : one,
        );
        expect(unescaped).toEqual(texts);
      }
    }),
    { numRuns: 150 },
  );
});

test("numbers below zero, from text or not, are no formulas", async () => {
  const writer = await openTableWriter(placeOf(file), {
    format: "csv",
    columns: ["-a", "b", "c", "d"],
    formulas: "escape",
  });
  await writer.write([-1.5, "-2", "+3e5", "-2+cmd|' /C calc'!A0"]);
  await writer.commit();
  expect(await readFile(file, "utf8")).toBe("'-a,b,c,d\n-1.5,-2,+3e5,'-2+cmd|' /C calc'!A0\n");
});

test("until the commit the old file stands, after it the new one, with nothing beside", async () => {
  await writeFile(file, "old");
  const writer = await openTableWriter(placeOf(file), { format: "csv", columns: ["a"] });
  for (let n = 0; n < 20_000; n++) await writer.write([`row ${n}`]);
  expect(await readFile(file, "utf8")).toBe("old");

  await writer.commit();
  expect((await readFile(file, "utf8")).split("\n")).toHaveLength(20_002);
  expect(await readdir(directory)).toEqual(["out.csv"]);
});

test("a discarded table leaves the old file and nothing else", async () => {
  await writeFile(file, "old");
  const writer = await openTableWriter(placeOf(file), { format: "csv", columns: ["a"] });
  await writer.write(["x"]);
  await writer.discard();

  expect(await readFile(file, "utf8")).toBe("old");
  expect(await readdir(directory)).toEqual(["out.csv"]);
});

// Windows knows no umask and no modes of files.
test.skipIf(process.platform === "win32")(
  "only the user may read what was made, even under a umask of 000",
  async () => {
    const umask = process.umask(0);
    try {
      file = join(directory, "new", "deep", "out.csv");
      await writeTable("csv", ["a"], []);
      await writeTextFile(placeOf(join(directory, "report.md")), "# Report\n");
    } finally {
      process.umask(umask);
    }
    const made = ["new/deep/out.csv", "report.md", "new/deep", "new"];
    const found = await Promise.all(made.map((path) => stat(join(directory, path))));
    expect(found.map(({ mode }) => mode & 0o777)).toEqual([0o600, 0o600, 0o700, 0o700]);
  },
);

test("a place that cannot be written is a storage error", async () => {
  await writeFile(file, "a file where a folder should be");
  await expect(
    openTableWriter(placeOf(join(file, "out.csv")), { format: "csv", columns: [] }),
  ).rejects.toBeInstanceOf(StorageError);

  await mkdir(join(directory, "taken.csv"));
  await expect(writeTextFile(placeOf(join(directory, "taken.csv")), "x")).rejects.toBeInstanceOf(
    StorageError,
  );
  expect((await readdir(directory)).toSorted()).toEqual(["out.csv", "taken.csv"]);
});

// Windows has no `ulimit`.
test.skipIf(process.platform === "win32")(
  "a disk that takes no more leaves the old file and nothing else",
  async () => {
    await writeFile(file, "old");
    const writer = fileURLToPath(new URL("table-writer.ts", import.meta.url));
    const script = `
    import { openTableWriter } from ${JSON.stringify(writer)};
    const writer = await openTableWriter(${JSON.stringify(placeOf(file))}, { format: "csv", columns: ["a"] });
    try {
      for (let n = 0; n < 5000; n++) await writer.write(["x".repeat(100)]);
      await writer.commit();
    } catch (error) {
      console.log(error.code, error.cause.code);
    }`;
    // A limit on file size, in blocks of 512 or 1,024 bytes, is a full disk that needs no root.
    const { stdout } = spawnSync(
      "sh",
      [
        "-c",
        'ulimit -f 200 && exec "$0" --input-type=module --eval "$1"',
        process.execPath,
        script,
      ],
      { encoding: "utf8" },
    );

    expect(stdout).toBe("storage-failed EFBIG\n");
    expect(await readFile(file, "utf8")).toBe("old");
    expect(await readdir(directory)).toEqual(["out.csv"]);
  },
);
