import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readKeyFile } from "./read-key-file.ts";
import { findExposedFile } from "./secret-source.ts";

function makeSecretFile(mode: number) {
  const folder = mkdtempSync(join(tmpdir(), "rota-secret-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "secret"), "sk-Zq7v51ab04ce");
  chmodSync(join(folder, "secret"), mode);
  const keyFile = join(folder, "rota.keys.yml");
  writeFileSync(
    keyFile,
    "keys: { a: { secret: file:secret }, b: { secret: file:./secret, limitGroup: c } }\nlimitGroups: { c: { project: other } }\n",
  );
  return { keyFile, secretFile: join(folder, "secret") };
}

test.skipIf(process.platform === "win32")(
  "a secret file that every user may read is warned of, once, with the remedy",
  () => {
    const { keyFile, secretFile } = makeSecretFile(0o644);
    const { keys, warnings = [] } = readKeyFile(keyFile, {});
    expect(keys).toHaveLength(2);
    expect(warnings).toEqual([
      expect.objectContaining({
        code: "secret-exposed",
        message: expect.stringContaining("every user"),
        remedy: expect.stringContaining(`chmod 600 ${secretFile}`),
        file: keyFile,
      }),
    ]);
    chmodSync(secretFile, 0o600);
    expect(readKeyFile(keyFile, {}).warnings).toEqual([]);
  },
);

test.skipIf(process.platform === "win32")(
  "nothing is said of a file for a group, a variable, a pipe, or on Windows",
  () => {
    const { keyFile } = makeSecretFile(0o640);
    expect(findExposedFile("file:secret", keyFile)).toBeUndefined();
    const open = makeSecretFile(0o644);
    expect(findExposedFile("file:secret", open.keyFile, "win32")).toBeUndefined();
    expect(findExposedFile("file:/dev/null", keyFile)).toBeUndefined();
    expect(findExposedFile("file:missing", keyFile)).toBeUndefined();
    expect(findExposedFile("env:SECRET", keyFile)).toBeUndefined();
  },
);
