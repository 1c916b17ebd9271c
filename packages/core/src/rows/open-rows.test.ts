import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openRowsFile } from "./open-rows.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "open-rows-"));
});
afterAll(() => rm(directory, { recursive: true }));

test.each([
  ["rows.csv", "id\n1\n", "csv"],
  ["rows.TSV", "id\tname\n1\tx\n", "csv"],
  ["rows.ndjson", '{"id":1}\n', "jsonl"],
  ["rows", '\n {"id":1}\n', "jsonl"],
  ["rows.txt", "id\n1\n", "csv"],
])("%s with %j is %s", async (name, content, format) => {
  const file = join(directory, name);
  await writeFile(file, content);

  expect(await (await openRowsFile(file)).scan()).toMatchObject({ format, count: 1 });
});

test("a file that is not there, and one that is no file, are the user's mistake", async () => {
  await expect(openRowsFile(join(directory, "none.csv"))).rejects.toMatchObject({
    kind: "user",
    problems: [{ code: "file-unreadable", message: expect.stringContaining("ENOENT") }],
  });
  await expect(openRowsFile(directory)).rejects.toThrow("it is not a regular file");
});
