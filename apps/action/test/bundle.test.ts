import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { expect, onTestFinished, test } from "vitest";
import options from "../rolldown.config.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

test("the committed bundle is what the source builds", async () => {
  const folder = mkdtempSync(join(tmpdir(), "rota-bundle-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const build = await rolldown({ ...options, cwd: root });
  await build.write({ ...options.output, dir: folder });
  await build.close();
  const built = readFileSync(join(folder, "index.js"));
  // Not the file in the working tree, which setting up may have built anew: the one in git.
  const committed = execFileSync("git", ["show", ":./dist/index.js"], {
    cwd: root,
    maxBuffer: 2 * built.length,
  });
  expect(committed.equals(built), "run `pnpm build` in apps/action and commit dist").toBe(true);
  // Every job that uses the action loads it whole. A tenth of it is the engine for regular expressions.
  expect(built.length).toBeLessThan(2_400_000);
});
