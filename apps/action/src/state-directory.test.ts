import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createFakeRunner } from "./fake-runner.ts";
import { locateState, removeOldStates } from "./state-directory.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

test("journals are kept beside the workspace, apart for each workflow run", () => {
  const environment = { GITHUB_WORKSPACE: "/runner/work/shop/shop", GITHUB_RUN_ID: "77" };
  expect(locateState(createFakeRunner({}, environment))).toBe("/runner/work/shop/.rota/77");
});

test("journals of runs that can no longer be repeated are removed", async () => {
  const folder = mkdtempSync(join(tmpdir(), "rota-states-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const now = Date.now();
  for (const [id, ageDays] of [
    ["old", 31],
    ["recent", 29],
    ["own", 31],
  ] as const) {
    mkdirSync(join(folder, id));
    const time = new Date(now - ageDays * DAY_MS);
    utimesSync(join(folder, id), time, time);
  }
  await removeOldStates(join(folder, "own"), now);
  const left = ["old", "recent", "own"].filter((id) => existsSync(join(folder, id)));
  expect(left).toEqual(["recent", "own"]);
});

test("the first run on a runner finds nothing to remove", async () => {
  await expect(removeOldStates("/nowhere/.rota/1", 0)).resolves.toBeUndefined();
});
