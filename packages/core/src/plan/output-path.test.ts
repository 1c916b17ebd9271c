import { link, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findOutputPathProblems } from "./output-path.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "output-path-"));
  await writeFile(join(directory, "rows.csv"), "id\n");
  await writeFile(join(directory, "old.csv"), "");
  await link(join(directory, "rows.csv"), join(directory, "same.csv"));
  await symlink(join(directory, "old.csv"), join(directory, "linked.csv"));
  await mkdir(join(directory, "folder"));
});
afterAll(() => rm(directory, { recursive: true }));

async function findMessages(...outputs: string[]) {
  const paths = outputs.map((output) => join(directory, output));
  const problems = await findOutputPathProblems(paths, [join(directory, "rows.csv")]);
  return problems.map(({ message }) => message);
}

test("new files, old files and files in folders to come may be written", async () => {
  expect(await findMessages("new.csv", "old.csv", "to/come.csv")).toEqual([]);
});

test.each([
  ["rows.csv", "the output would overwrite a file that the run reads"],
  ["folder/../rows.csv", "the output would overwrite a file that the run reads"],
  ["same.csv", "the output would overwrite a file that the run reads"],
  ["linked.csv", "the output is a link to another place"],
  ["folder", "the output is a folder"],
])("%s may not: %s", async (output, message) => {
  expect(await findMessages(output)).toEqual([message]);
});

// Windows has no files for devices.
test.skipIf(process.platform === "win32")(
  "a device, and a path through a file, may not",
  async () => {
    const problems = await findOutputPathProblems(
      ["/dev/null", join(directory, "old.csv/a.csv")],
      [],
    );

    expect(problems.map(({ message }) => message)).toEqual([
      "the output is a device, a pipe or a socket",
      expect.stringContaining("ENOTDIR"),
    ]);
  },
);

test("two outputs may not have one path", async () => {
  expect(await findMessages("a.csv", "b.csv", "./a.csv")).toEqual([
    "two outputs have the same path",
  ]);
});
