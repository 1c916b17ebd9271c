import { link, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Problem } from "../vocabulary/problem.ts";
import { locateOutputs } from "./locate-outputs.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(await realpath(tmpdir()), "output-path-"));
  await writeFile(join(directory, "rows.csv"), "id\n");
  await writeFile(join(directory, "old.csv"), "");
  await link(join(directory, "rows.csv"), join(directory, "same.csv"));
  await link(join(directory, "old.csv"), join(directory, "old-too.csv"));
  await symlink(join(directory, "old.csv"), join(directory, "linked.csv"));
  await symlink(join(directory, "nowhere"), join(directory, "broken"));
  await mkdir(join(directory, "folder"));
  await mkdir(join(directory, "home"));
  await symlink(join(directory, "folder"), join(directory, "home", "linked"));
  await symlink(directory, join(directory, "home", "up"));
});
afterAll(() => rm(directory, { recursive: true }));

/** Where the outputs are going to stand, and what is wrong with them. */
async function place(outputs: readonly string[], root?: string) {
  const problems: Problem[] = [];
  const located = await locateOutputs(
    outputs.map((output) => ({
      file: join(directory, output),
      format: "csv",
      template: undefined,
      templateFile: undefined,
      groupsOf: undefined,
      formulas: "raw",
    })),
    { inputs: [join(directory, "rows.csv")], rootOf: () => root && join(directory, root) },
    (problem) => void problems.push(problem),
  );
  return {
    places: located.map(({ realFile }) => realFile),
    messages: problems.map(({ message }) => message),
  };
}

async function findMessages(...outputs: string[]) {
  return (await place(outputs)).messages;
}

test("new files, old files and files in folders to come may be written", async () => {
  expect(await findMessages("new.csv", "old.csv", "to/come.csv")).toEqual([]);
});

test.each([
  ["rows.csv", "the output would overwrite a file that the run reads"],
  ["folder/../rows.csv", "the output would overwrite a file that the run reads"],
  ["home/up/rows.csv", "the output would overwrite a file that the run reads"],
  ["same.csv", "the output would overwrite a file that the run reads"],
  ["linked.csv", "the output is a link to another place"],
  ["folder", "the output is a folder"],
])("%s may not: %s", async (output, message) => {
  expect(await findMessages(output)).toEqual([message]);
});

test("a name that ends like a folder's may not", async () => {
  const problems: Problem[] = [];
  await locateOutputs(
    [
      {
        file: `${directory}/new.csv/`,
        format: "csv",
        template: undefined,
        templateFile: undefined,
        groupsOf: undefined,
        formulas: "raw",
      },
    ],
    { inputs: [], rootOf: () => undefined },
    (problem) => void problems.push(problem),
  );
  expect(problems.map(({ message }) => message)).toEqual(["the output is named as a folder"]);
});

// Windows has no files for devices.
test.skipIf(process.platform === "win32")(
  "a device, and a path through a file or a broken link, may not",
  async () => {
    expect(await findMessages("../../../../../../dev/null")).toEqual([
      "the output is a device, a pipe or a socket",
    ]);
    expect(await findMessages("old.csv/a.csv", "broken/a.csv")).toEqual([
      expect.stringMatching(/^the output cannot be written: ENOTDIR/),
      expect.stringMatching(/^the output cannot be written: ENOENT/),
    ]);
  },
);

test.each([
  ["one path", ["a.csv", "b.csv", "./a.csv"]],
  ["one path through a linked folder", ["folder/a.csv", "home/linked/a.csv"]],
  ["one file under two names", ["old.csv", "old-too.csv"]],
])("two outputs may not have %s", async (_, outputs) => {
  expect(await findMessages(...outputs)).toEqual(["two outputs are one file"]);
});

test("a linked folder is followed, to where it leads at that moment", async () => {
  expect(await place(["home/linked/to/come.csv"])).toEqual({
    places: [join(directory, "folder", "to", "come.csv")],
    messages: [],
  });
});

test("what must stay in a folder may use the links that stay in it, and no others", async () => {
  expect((await place(["home/up/home/a.csv", "home/b/c.csv"], "home")).messages).toEqual([]);
  expect((await place(["home/linked/a.csv"], "home")).messages).toEqual([
    `the output leads out of ${join(directory, "home")}, to ${join(directory, "folder", "a.csv")}`,
  ]);
});
