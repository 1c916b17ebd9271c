import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DEFECTS } from "../../testing/defects/defects.ts";
import { readSource } from "../../testing/defects/working-copy.ts";

const file = new URL("../../../../docs/reliability.md", import.meta.url);

/** What stands between the two marks is generated; all else is prose. */
const SLOT = /(<!-- defects -->\n)[^]*?(<!-- end -->)/;

function writeTable(): string {
  const lines = DEFECTS.map(
    ({ name, file: source, caughtBy }) =>
      `| ${name} | \`${source.replace(/^.*?src\//, "")}\` | ${caughtBy} |\n`,
  );
  return `\n| defect: the program … | in | caught by |\n| --- | --- | --- |\n${lines.join("")}\n`;
}

function fillSlot(page: string): string {
  return page.replace(SLOT, (_, start: string, end: string) => start + writeTable() + end);
}

test("the defects in docs/reliability.md are those that are tried; UPDATE_DOCS=1 rewrites them", () => {
  const page = readFileSync(file, "utf8");
  if (process.env["UPDATE_DOCS"] === "1") writeFileSync(file, fillSlot(page));
  expect(readFileSync(file, "utf8")).toBe(fillSlot(page));
});

test.each(DEFECTS)("the defect can be put in place that $name", ({ file: source, search }) => {
  expect(readSource(source).split(search)).toHaveLength(2);
});

test.each(DEFECTS)("there is the test that catches that it $name", ({ tests, caughtBy }) => {
  const suites = ["journal", "row-source"].map(
    (port) => `packages/core/testing/${port}-conformance.ts`,
  );
  const isThere = [...tests, ...suites].some((path) => readSource(path).includes(caughtBy));
  expect(isThere).toBe(true);
});

test("at least thirty defects are tried, each once", () => {
  expect(new Set(DEFECTS.map(({ name }) => name)).size).toBe(DEFECTS.length);
  expect(DEFECTS.length).toBeGreaterThanOrEqual(30);
});

test("every file that docs/reliability.md names is there", () => {
  const page = readFileSync(file, "utf8");
  const files = page.matchAll(/`((?:core|apps|packages)\/[\w./-]+\.ts)/g);
  for (const [, name = ""] of files) {
    expect(() => readSource(name.replace(/^core\//, "packages/core/"))).not.toThrow();
  }
});
