import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { keyFileJsonSchema } from "../../src/keys/configuration/key-file-schema.ts";
import { pipelineJsonSchema } from "../../src/pipeline/schema.ts";
import { CONTROL_COLUMNS, SIMULATED_COLUMN } from "../../src/deliver/table/result-columns.ts";
import { CALL_ERROR_CODES } from "../../src/vocabulary/provider.ts";
import { writeFieldTables } from "./field-table.ts";

const file = new URL("../../../../docs/pipeline-reference.md", import.meta.url);

/** What stands between `<!-- fields: PATH -->` and `<!-- end -->` is generated; all else is prose. */
const SLOT = /(<!-- fields: (\S+) -->\n)[^]*?(<!-- end -->)/g;

const tables = new Map([
  ...writeFieldTables("pipeline", pipelineJsonSchema()),
  ...writeFieldTables("keyFile", keyFileJsonSchema()),
]);

function fillSlots(page: string): string {
  return page.replaceAll(
    SLOT,
    (_, start: string, path: string, end: string) => start + (tables.get(path) ?? "") + end,
  );
}

test("the tables of docs/pipeline-reference.md are those of the schemas; UPDATE_DOCS=1 rewrites them", () => {
  const page = readFileSync(file, "utf8");
  if (process.env["UPDATE_DOCS"] === "1") writeFileSync(file, fillSlots(page));
  expect(readFileSync(file, "utf8")).toBe(fillSlots(page));
});

test("the reference has a table for every part of both files, once", () => {
  const paths = Array.from(readFileSync(file, "utf8").matchAll(SLOT), ([, , path]) => path);
  expect(paths).toHaveLength(tables.size);
  expect(new Set(paths)).toEqual(new Set(tables.keys()));
});

test.each([...CONTROL_COLUMNS, SIMULATED_COLUMN, ...CALL_ERROR_CODES])(
  "the reference says what %s means",
  (word) => {
    expect(readFileSync(file, "utf8")).toContain(`\n| \`${word}\` |`);
  },
);
