import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkPipeline } from "../../src/check-pipeline.ts";
import { loadKeys } from "../../src/keys/configuration/load-keys.ts";
import { temporaryDirectory } from "../../testing/temporary-pipeline.ts";

const PAGES = [
  { page: "README.md", pipeline: "reviews.yml", rows: "reviews.csv" },
  { page: "docs/pipeline-reference.md", pipeline: "triage.yml", rows: "tickets.csv" },
  { page: "docs/pipeline-reference.md", pipeline: "products.yml", rows: "tickets.csv" },
];

/** Blocks of code whose first line says, behind the language, which file they show. */
const SHOWN_FILE = /^```\w+ (\S+)\n([^]*?)^```$/gm;

function writeShownFiles(page: string): string {
  const directory = temporaryDirectory();
  const text = readFileSync(new URL(`../../../../${page}`, import.meta.url), "utf8");
  for (const [, name = "", content = ""] of text.matchAll(SHOWN_FILE)) {
    writeFileSync(join(directory, name), content);
  }
  return directory;
}

test.each(PAGES)(
  "$pipeline and the files that $page shows go together",
  async ({ page, pipeline, rows }) => {
    const directory = writeShownFiles(page);
    const keys = loadKeys({
      file: join(directory, "rota.keys.yml"),
      environment: {},
      endpoint: { baseUrl: "http://127.0.0.1/v1", secretFor: (name) => `stand-in-${name}` },
    });

    const report = await checkPipeline({
      pipeline: join(directory, pipeline),
      rows: join(directory, rows),
      keys,
    });

    expect(report.preview).not.toEqual([]);
  },
);
