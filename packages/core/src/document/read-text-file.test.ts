import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ProblemsError } from "../vocabulary/problem.ts";
import { readTextFile } from "./read-text-file.ts";

const directory = mkdtempSync(join(tmpdir(), "rota-text-"));
afterAll(() => rmSync(directory, { recursive: true }));

function writeFile(content: string | Uint8Array): string {
  const file = join(directory, "file");
  writeFileSync(file, content);
  return file;
}

function refusal(file: string): string | undefined {
  try {
    readTextFile(file);
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    const [problem] = error.problems;
    return `${problem?.file === file ? "" : "another file: "}${problem?.code}: ${problem?.message}`;
  }
  return undefined;
}

test("text is read without its byte order mark", () => {
  expect(readTextFile(writeFile("\uFEFFname: Grüße\r\n"))).toBe("name: Grüße\r\n");
});

test("a file that is not there, a folder, and what is not UTF-8 are refused by name", () => {
  expect(refusal(join(directory, "missing"))).toBe("file-unreadable: the file does not exist");
  expect(refusal(directory)).toBe("file-unreadable: this is a folder, not a file");
  expect(refusal(writeFile(Uint8Array.of(0x63, 0x61, 0x66, 0xe9)))).toBe(
    "file-unreadable: the file is not UTF-8 text",
  );
});

test("a file over 1 MiB is refused", () => {
  expect(refusal(writeFile("a".repeat(1024 * 1024)))).toBeUndefined();
  expect(refusal(writeFile("a".repeat(1024 * 1024 + 1)))).toBe("too-large: the file is over 1 MiB");
});

// Windows has no files for devices.
test.skipIf(process.platform === "win32")("a file without end is refused", () => {
  expect(refusal("/dev/zero")).toBe("too-large: the file is over 1 MiB");
});
