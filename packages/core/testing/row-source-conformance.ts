import { appendFile, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RunChangedError } from "../src/vocabulary/error.ts";
import type { JsonObject } from "../src/vocabulary/json.ts";
import type { Row } from "../src/vocabulary/row.ts";
import type { OpenRowsOptions } from "../src/rows/open-rows.ts";
import type { RowSource } from "../src/vocabulary/row-source.ts";

export interface RowSourceAdapter {
  readonly name: string;
  /** Rows with these values, which all have the same fields of strings. */
  readonly open: (
    records: readonly JsonObject[],
    options?: OpenRowsOptions,
  ) => Promise<{
    readonly source: RowSource;
    /** Puts others in their place, behind the source's back. */
    readonly change: (records: readonly JsonObject[]) => Promise<void>;
  }>;
}

export interface RowFileAdapter {
  /** Ending of the files that it reads. */
  readonly ending: string;
  readonly open: (file: string, options?: OpenRowsOptions) => Promise<RowSource>;
  /** A file's text with these records, which all have the same fields of strings. */
  readonly format: (records: readonly JsonObject[]) => string;
}

const PETS = [
  { id: "a", name: "Zoë", note: "likes, commas" },
  { id: "b", name: "Rex", note: 'said "no"\ntwice\r\nor thrice' },
  { id: "c", name: "", note: " \u2028 \u{1F436} " },
];

/** What every row source must do, wherever its rows come from. */
export function testRowSource(adapter: RowSourceAdapter): void {
  describe(`a row source of ${adapter.name}`, () => {
    const open = async (records: readonly JsonObject[], options?: OpenRowsOptions) =>
      (await adapter.open(records, options)).source;
    const openPets = (options?: OpenRowsOptions) => open(PETS, options);

    test("a scan tells the columns and the count, then the rows come in order", async () => {
      const source = await openPets();

      expect(await source.scan()).toMatchObject({ columns: ["id", "name", "note"], count: 3 });
      const rows = await readAll(source);
      expect(rows.map((row) => row.values)).toEqual(PETS);
      expect(rows.map((row) => row.ordinal)).toEqual([0, 1, 2]);
    });

    test("every reading gives the same rows", async () => {
      const source = await openPets();
      await source.scan();

      expect(await readAll(source)).toEqual(await readAll(source));
    });

    test("rows of equal content have ids of their own, and the same ones wherever they stand", async () => {
      const [rex, zoe] = [{ name: "Rex" }, { name: "Zoë" }];
      const source = await open([rex, rex, zoe]);
      const moved = await open([zoe, rex, rex]);
      await source.scan();
      await moved.scan();

      const [first, second, other] = (await readAll(source)).map((row) => row.id);
      expect(new Set([first, second, other]).size).toBe(3);
      expect((await readAll(moved)).map((row) => row.id)).toEqual([other, first, second]);
    });

    test("an id column names the rows", async () => {
      const source = await openPets({ idColumn: "id" });
      await source.scan();

      expect((await readAll(source)).map((row) => row.id)).toEqual(["a", "b", "c"]);
    });

    test("missing, empty and repeated ids are found in the scan", async () => {
      const repeated = [{ id: "a" }, { id: "b" }, { id: "a" }, { id: "" }];
      const source = await open(repeated, { idColumn: "id" });
      await expect(source.scan()).rejects.toMatchObject({
        problems: [
          { code: "duplicate", message: expect.stringMatching(/"a" stands on line \d and again/) },
          { code: "invalid-value", message: 'the row has no id in "id"' },
        ],
      });

      const nameless = await openPets({ idColumn: "number" });
      await expect(nameless.scan()).rejects.toThrow('"number"');
    });

    test("values have no prototype, and names of its members are names like any other", async () => {
      const record = JSON.parse('{"__proto__": "p", "constructor": "c", "toString": "t"}');
      const source = await open([record]);
      await source.scan();

      const [row] = await readAll(source);
      expect(Object.getPrototypeOf(row?.values)).toBe(null);
      expect(Object.entries(row?.values ?? {})).toEqual([
        ["__proto__", "p"],
        ["constructor", "c"],
        ["toString", "t"],
      ]);
      expect(Reflect.has({}, "p")).toBe(false);
    });

    test("rows outside of a range are not there", async () => {
      const source = await openPets({ range: { from: 2, to: 2 } });

      expect(await source.scan()).toMatchObject({ count: 1 });
      expect(await readAll(source)).toMatchObject([{ ordinal: 0, values: { name: "Rex" } }]);
      await expect((await openPets({ range: { from: 4, to: 9 } })).scan()).rejects.toThrow(
        "there is no row 4",
      );
    });

    test("characters cut by the border of a chunk stay whole", async () => {
      const records = Array.from({ length: 300 }, (_, n) => ({
        text: "x".repeat(n) + "🐶é€".repeat(99),
      }));
      const source = await open(records);
      await source.scan();

      expect((await readAll(source)).map((row) => row.values)).toEqual(records);
    });

    test("the fingerprint differs when a byte does", async () => {
      const one = await (await open([{ id: "1" }])).scan();
      const copy = await (await open([{ id: "1" }])).scan();
      const other = await (await open([{ id: "2" }])).scan();

      expect(copy.fingerprint).toBe(one.fingerprint);
      expect(other.fingerprint).not.toBe(one.fingerprint);
    });

    test.each([
      ["another value", [{ id: "1" }, { id: "3" }]],
      ["more rows", [{ id: "1" }, { id: "2" }, { id: "3" }]],
      ["fewer rows", [{ id: "1" }]],
    ])("an input with %s than were scanned is refused", async (_, changed) => {
      const { source, change } = await adapter.open([{ id: "1" }, { id: "2" }]);
      await source.scan();
      await change(changed);

      const rows: Row[] = [];
      const reading = (async () => {
        for await (const row of source.read()) rows.push(row);
      })();
      await expect(reading).rejects.toThrow(RunChangedError);
      expect(rows.length).toBeLessThanOrEqual(2);
    });

    test("a row's content tells it from others, wherever it stands", async () => {
      const source = await open([{ a: "1" }, { a: "2" }, { a: "1" }]);
      await source.scan();

      const [one, two, again] = (await readAll(source)).map(({ content }) => content);
      expect(one).toMatch(/^[0-9a-f]{16}$/);
      expect(again).toBe(one);
      expect(two).not.toBe(one);
    });

    test("a scan shows every row to who wants to see them", async () => {
      const source = await openPets();
      const seen: unknown[] = [];
      await source.scan(({ ordinal, values }) => seen.push([ordinal, values]));

      expect(seen).toEqual(PETS.map((pet, ordinal) => [ordinal, pet]));
    });

    test("a reading can be left at any row", async () => {
      const source = await openPets();
      await source.scan();

      for await (const row of source.read()) {
        expect(row.ordinal).toBe(0);
        break;
      }
      expect(await readAll(source)).toHaveLength(3);
    });

    test("twenty mistakes are shown, the others counted", async () => {
      const records = Array.from({ length: 50 }, () => ({ id: "" }));
      const source = await open([{ id: "1" }, ...records], { idColumn: "id" });

      const error: unknown = await source.scan().catch((thrown: unknown) => thrown);
      expect(error).toHaveProperty("problems.length", 21);
      expect(error).toHaveProperty(
        "problems.20.message",
        expect.stringContaining("and 30 more problems"),
      );
    });
  });
}

/** What every row source over files must do besides, whatever their format. */
export function testRowFile(adapter: RowFileAdapter): void {
  let directory = "";
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "rows-"));
  });
  afterAll(() => rm(directory, { recursive: true }));

  let fileCount = 0;
  const write = async (records: readonly JsonObject[]) => {
    const file = join(directory, `${fileCount++}${adapter.ending}`);
    await writeFile(file, adapter.format(records));
    return file;
  };

  testRowSource({
    name: `${adapter.ending} files`,
    open: async (records, options) => {
      const file = await write(records);
      const source = await adapter.open(file, options);
      return { source, change: (changed) => writeFile(file, adapter.format(changed)) };
    },
  });

  describe(`a row source of ${adapter.ending} files`, () => {
    const openPets = async () => adapter.open(await write(PETS));

    test("a range says nothing of what stands behind it", async () => {
      const file = await write(PETS);
      await appendFile(file, '\n{"broken" "text\n');
      const source = await adapter.open(file, { range: { from: 1, to: 3 } });

      expect(await source.scan()).toMatchObject({ count: 3 });
    });

    test("lines count from 1 and name where a record begins", async () => {
      const source = await openPets();
      await source.scan();
      const text = adapter.format(PETS);
      const lineOf = (part: string) => text.slice(0, text.indexOf(part)).split("\n").length;

      expect((await readAll(source)).map((row) => row.line)).toEqual(
        ["Zoë", "Rex", "\u2028"].map(lineOf),
      );
    });

    test("an input that was touched after its scan gives no row", async () => {
      const file = await write(PETS);
      const source = await adapter.open(file);
      await source.scan();
      await utimes(file, 1_700_000_000, 1_700_000_000);

      await expect(source.read()[Symbol.asyncIterator]().next()).rejects.toThrow(
        "the rows changed",
      );
    });

    test.each([
      ["UTF-16", Buffer.from("\uFEFFid\n1\n", "utf16le"), "this is UTF-16 text"],
      ["a workbook", Buffer.from("PK\x03\x04..."), "this is a workbook"],
      ["nothing", Buffer.alloc(0), "the file is empty"],
    ])("%s is refused by its name", async (_, content, message) => {
      const file = join(directory, `${fileCount++}${adapter.ending}`);
      await writeFile(file, content);

      await expect((await adapter.open(file)).scan()).rejects.toThrow(message);
    });

    test.each([
      ["Latin-1", "caf\xe9", "this byte is not UTF-8"],
      ["NUL", "caf\x00", "a NUL byte stands here"],
    ])("%s is found at its place", async (_, text, message) => {
      const file = await write([{ drink: "tea" }, { drink: "caf?" }]);
      const [before] = adapter.format([{ drink: "tea" }, { drink: "caf?" }]).split("caf?");
      await writeFile(file, Buffer.from(`${before}${text}`, "latin1"));

      await expect((await adapter.open(file)).scan()).rejects.toMatchObject({
        problems: [
          {
            code: "file-unreadable",
            message: expect.stringContaining(message),
            position: {
              line: before?.split("\n").length,
              column: `${before?.split("\n").at(-1)}caf?`.length,
            },
          },
        ],
      });
    });

    test.each([
      ["another value", [{ id: "1" }, { id: "3" }]],
      ["more rows", [{ id: "1" }, { id: "2" }, { id: "3" }]],
      ["fewer rows", [{ id: "1" }]],
    ])(
      "an input with %s than were scanned is refused, whatever its time says",
      async (_, changed) => {
        const file = await write([{ id: "1" }, { id: "2" }]);
        await utimes(file, 1_700_000_000, 1_700_000_000);
        const source = await adapter.open(file);
        await source.scan();
        await writeFile(file, adapter.format(changed));
        await utimes(file, 1_700_000_000, 1_700_000_000);

        const rows: Row[] = [];
        const reading = (async () => {
          for await (const row of source.read()) rows.push(row);
        })();
        await expect(reading).rejects.toThrow("the rows changed");
        expect(rows.length).toBeLessThanOrEqual(2);
      },
    );
  });
}

export async function readAll(source: RowSource): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of source.read()) rows.push(row);
  return rows;
}
