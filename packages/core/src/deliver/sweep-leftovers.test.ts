import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../clock/system-clock.ts";
import { RunLock } from "../journal/run-lock.ts";
import { FileReplacement } from "./file-replacement.ts";
import { placeOutput } from "./output-place.ts";
import { sweepLeftovers } from "./sweep-leftovers.ts";

test("what runs left whose processes have died is removed, and what a living one makes stays", async () => {
  const root = mkdtempSync(join(realpathSync(tmpdir()), "rota-sweep-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const outputs = join(root, "out");
  const runs = ["this", "dead", "living"].map((name) => join(root, "runs", name));
  for (const folder of [outputs, ...runs]) mkdirSync(folder, { recursive: true });
  const file = join(outputs, "out.csv");
  const [ofThis, ofDead, ofLiving] = runs.map((run) => placeOutput({ file, realFile: file }, run));
  if (!ofThis || !ofDead || !ofLiving) throw new Error("There are three runs.");
  const lock = new RunLock(join(root, "runs", "living"), systemClock);
  await FileReplacement.open(ofDead);
  const living = await FileReplacement.open(ofLiving);

  sweepLeftovers([ofThis], join(root, "runs", "this"), systemClock);
  expect(readdirSync(outputs).map((name) => join(outputs, name))).toEqual([ofLiving.temporary]);
  await living.write("id\n");
  await living.commit();
  lock.release();
  expect(readdirSync(outputs)).toEqual(["out.csv"]);
});
