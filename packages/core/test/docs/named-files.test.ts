import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const repository = fileURLToPath(new URL("../../../../", import.meta.url));
const PAGES = [
  "CONTRIBUTING.md",
  "docs/architecture.md",
  ...globSync("docs/guides/*.md", { cwd: repository }).map((page) => page.replaceAll("\\", "/")),
];

/** Where a path in a page may begin: pages about the engine leave its folder out. */
const ROOTS = ["", "packages/core", "packages/core/src"];

/** A path in a code span: with a slash, and ending in a file or a folder that has a name. */
const NAMED_PATH = /`((?:[\w.-]+\/)+[\w.-]*)`/g;
const RELATIVE_LINK = /\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)/g;

/** Folders that runs and tools make, and that no checkout has. */
const MADE_LATER = /^(?:\.rota|out|replaced|node_modules)\//;

function listMissing(page: string): string[] {
  const text = readFileSync(join(repository, page), "utf8").replaceAll(/^```[^]*?^```$/gm, "");
  const paths = [...text.matchAll(NAMED_PATH)]
    .map(([, path = ""]) => path)
    .filter((path) => !MADE_LATER.test(path) && !path.startsWith("@"));
  const links = [...text.matchAll(RELATIVE_LINK)].map(([, link = ""]) => link);
  return [
    ...paths.filter((path) => !ROOTS.some((root) => existsSync(join(repository, root, path)))),
    ...links.filter((link) => !existsSync(join(repository, dirname(page), link))),
  ];
}

test.each(PAGES)("every file that %s names is there", (page) => {
  expect(listMissing(page)).toEqual([]);
});

test("every change in the table of docs/architecture.md begins in a file that is there", () => {
  const page = readFileSync(join(repository, "docs/architecture.md"), "utf8");
  const [, table = ""] = page.split("## Where a change is made");
  const rows = table.split("\n## ")[0]?.match(/^\| (?!change|-).*$/gm) ?? [];
  const paths = rows.map((row) => /`([\w./-]+)`/.exec(row)?.[1] ?? `none in: ${row}`);
  expect(paths.length).toBeGreaterThanOrEqual(20);
  expect(
    paths.filter((path) => !ROOTS.some((root) => existsSync(join(repository, root, path)))),
  ).toEqual([]);
});

test("guides name files", () => {
  const guides = PAGES.filter((page) => page.startsWith("docs/guides/"));
  expect(guides.length).toBeGreaterThanOrEqual(3);
  for (const guide of guides) {
    const text = readFileSync(join(repository, guide), "utf8");
    expect(text.match(NAMED_PATH)?.length).toBeGreaterThan(5);
  }
});
