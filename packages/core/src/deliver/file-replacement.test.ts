import { spawnSync } from "node:child_process";
import { mkdtemp, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { FileReplacement, syncFolder } from "./file-replacement.ts";

const missing = join(tmpdir(), "rota-no-such-folder");

async function makeOldFile(): Promise<{ directory: string; file: string }> {
  const directory = await mkdtemp(join(tmpdir(), "rota-replacement-"));
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
    const replacement = await FileReplacement.open(file);
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
    const replacement = await FileReplacement.open(${JSON.stringify(file)});
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

test("a folder is opened to make its names durable, except on Windows, which opens none", async () => {
  await syncFolder(tmpdir(), "linux");
  await expect(syncFolder(missing, "linux")).rejects.toThrow("ENOENT");
  await syncFolder(missing, "win32");
});
