import { spawnSync } from "node:child_process";
import {
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { FileReplacement } from "./file-replacement.ts";
import { placeOutput } from "./output-place.ts";

const placeOf = (file: string) => placeOutput({ file, realFile: file }, "a run");

async function makeOldFile(): Promise<{ directory: string; file: string }> {
  const directory = await mkdtemp(join(await realpath(tmpdir()), "rota-replacement-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const file = join(directory, "out.csv");
  await writeFile(file, "old");
  return { directory, file };
}

// Windows does not let go of a file that somebody has open.
test.skipIf(process.platform === "win32")(
  "who has the old file open reads it to its end, whole",
  async () => {
    const { directory, file } = await makeOldFile();
    await using reader = await open(file);
    const replacement = await FileReplacement.open(placeOf(file));
    await replacement.write("the new one");
    await replacement.commit();

    expect(await reader.readFile("utf8")).toBe("old");
    expect(await readFile(file, "utf8")).toBe("the new one");
    expect(await readdir(directory)).toEqual(["out.csv"]);
  },
);

// Windows has no `ulimit`.
test.skipIf(process.platform === "win32")(
  "a last write of which the disk takes a part only is no success",
  async () => {
    const { directory, file } = await makeOldFile();
    const source = fileURLToPath(new URL("file-replacement.ts", import.meta.url));
    const script = `
    import { FileReplacement } from ${JSON.stringify(source)};
    const replacement = await FileReplacement.open(${JSON.stringify(placeOf(file))});
    try {
      await replacement.write("x".repeat(500_000));
      await replacement.commit();
    } catch (error) {
      console.log(error.code, error.cause.code);
    }`;
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

test("what a dead process left of the same run is swept, and what belongs to another run stays", async () => {
  const { directory, file } = await makeOldFile();
  const ofAnother = placeOutput({ file, realFile: file }, "another run");
  await FileReplacement.open(placeOf(file));
  const alive = await FileReplacement.open(ofAnother);
  expect(await readdir(directory)).toHaveLength(3);

  const replacement = await FileReplacement.open(placeOf(file));
  await replacement.write("new");
  await replacement.commit();
  expect(await readFile(file, "utf8")).toBe("new");
  await alive.write("by the other");
  await alive.commit();
  expect(await readFile(file, "utf8")).toBe("by the other");
  expect(await readdir(directory)).toEqual(["out.csv"]);
});

// Windows wants a privilege for links.
test.skipIf(process.platform === "win32")(
  "a folder that has become a link since it was looked at is not written into",
  async () => {
    const { directory } = await makeOldFile();
    const file = join(directory, "folder", "new.csv");
    const replacement = await FileReplacement.open(placeOf(file));
    await mkdir(join(directory, "elsewhere"));
    await rename(join(directory, "folder"), join(directory, "moved"));
    await symlink(join(directory, "elsewhere"), join(directory, "folder"));

    await expect(replacement.commit()).rejects.toThrow(
      /new\.csv cannot be written: a link was put/,
    );
    await expect(FileReplacement.open(placeOf(file))).rejects.toThrow(/a link was put in its way/);
    expect(await readdir(join(directory, "elsewhere"))).toEqual([]);
  },
);
