import { open, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { sleep } from "../vocabulary/clock.ts";
import { VirtualClock } from "./virtual-clock.ts";

const FILE = fileURLToPath(import.meta.url);

test("files are waited for, and time passes between them", async () => {
  const clock = new VirtualClock();
  const work = async () => {
    for (let round = 0; round < 20; round += 1) {
      await using file = await open(FILE);
      await file.stat();
      await sleep(clock, 60_000);
      await readFile(FILE);
    }
    return clock.now();
  };
  expect(await clock.runUntil(work())).toBe(20 * 60_000);
});

test("what can never settle is not waited for", async () => {
  const clock = new VirtualClock();
  await expect(clock.runUntil(new Promise(() => {}))).rejects.toThrow("Nothing is scheduled");
});
