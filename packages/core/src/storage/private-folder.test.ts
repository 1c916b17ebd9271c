import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { syncFolder } from "./private-folder.ts";

const missing = join(tmpdir(), "rota-no-such-folder");

test("a folder is opened to make its names durable, except on Windows, which opens none", () => {
  expect(() => syncFolder(tmpdir(), "linux")).not.toThrow();
  expect(() => syncFolder(missing, "linux")).toThrow("ENOENT");
  expect(() => syncFolder(missing, "win32")).not.toThrow();
});
