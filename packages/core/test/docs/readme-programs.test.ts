import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { temporaryDirectory } from "../../testing/temporary-pipeline.ts";
import { openSimulator } from "../stage.ts";

const core = fileURLToPath(new URL("../../", import.meta.url));
const readme = readFileSync(join(core, "README.md"), "utf8");

/** The programs that the README shows, by the name of their file. */
const PROGRAMS = new Map(
  Array.from(
    readme.matchAll(/^```ts (\S+)\n([^]*?)^```$/gm),
    ([, name = "", program = ""]) => [name, program] as const,
  ),
);

/** Each program in a folder where `@rota/core` is installed, against the simulator. */
async function runProgram(name: string, folder = temporaryDirectory()) {
  const simulator = await openSimulator({ unknownKeys: "accept" });
  mkdirSync(join(folder, "node_modules/@rota"), { recursive: true });
  try {
    symlinkSync(core, join(folder, "node_modules/@rota/core"), "junction");
  } catch {
    // It is there, from the run before.
  }
  writeFileSync(join(folder, name), PROGRAMS.get(name) ?? "");
  const child = spawn(process.execPath, [name], {
    cwd: folder,
    env: {
      PATH: process.env["PATH"],
      OPENAI_API_KEY: "sk-sim-readme",
      OPENAI_BASE_URL: simulator.url,
      ROTA_LIMITS_DIR: process.env["ROTA_LIMITS_DIR"],
    },
  });
  const [printed, complaints, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  expect(complaints).toBe("");
  expect(code).toBe(0);
  return { lines: printed.trimEnd().split("\n"), folder, accepted: simulator.stats().accepted };
}

test("the first program has fewer than thirty lines, prints each result, and pays once", async () => {
  expect(PROGRAMS.get("reviews.ts")?.trimEnd().split("\n").length).toBeLessThan(30);
  const first = await runProgram("reviews.ts");
  expect(first.lines.slice(0, 2).toSorted()).toEqual([
    expect.stringMatching(/^1 done \w/),
    expect.stringMatching(/^2 done \w/),
  ]);
  expect(first.lines[2]).toMatch(/^completed, 0\.\d+ dollars$/);
  expect(first.accepted).toBe(2);
  expect(readFileSync(join(first.folder, "reviews.csv"), "utf8")).toContain("Boils fast");

  const second = await runProgram("reviews.ts", first.folder);
  expect(second.lines.toSorted()).toEqual(first.lines.toSorted());
  expect(second.accepted).toBe(0);
});

test("the program that watches stops in the middle", async () => {
  const { lines } = await runProgram("watched.ts");
  expect(lines).toEqual(["The run was interrupted.", "true main"]);
});

test("the program with a modelled provider takes no time", async () => {
  const { lines } = await runProgram("modelled.ts");
  expect(lines).toEqual(["HELLO true"]);
});

test("a program in the checkout's own folder finds the engine", () => {
  const installed = new URL("../../../../node_modules/@rota/core", import.meta.url);
  expect(existsSync(installed) && realpathSync(installed)).toBe(realpathSync(core));
});

test("no other program is shown", () => {
  expect([...PROGRAMS.keys()]).toEqual(["reviews.ts", "watched.ts", "modelled.ts"]);
});
