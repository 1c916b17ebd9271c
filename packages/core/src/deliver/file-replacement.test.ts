import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { syncFolder } from "./file-replacement.ts";

const missing = join(tmpdir(), "rota-no-such-folder");

test("a folder is opened to make its names durable, except on Windows, which opens none", async () => {
  await syncFolder(tmpdir(), "linux");
  await expect(syncFolder(missing, "linux")).rejects.toThrow("ENOENT");
  await syncFolder(missing, "win32");
});
