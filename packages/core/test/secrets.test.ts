import { chmodSync, readFileSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, test } from "vitest";
import { FOUR_KEYS, makeEnvironment, makeKeyFile, makeRows } from "./example.ts";
import type { RunFolder } from "./run-folder.ts";
import { RUN, runRota, startRota, type Ending } from "./rota-process.ts";
import { openSimulator, prepareRun } from "./stage.ts";

/** With characters that a URL writes otherwise, and none of the shapes that keys are known by. */
const CANARY = "zq7+Canary/51ab04ce77==9f";

/** The canary as it may be written, and its beginning and end. */
const FORMS = [
  CANARY,
  Buffer.from(CANARY).toString("base64").replaceAll("=", ""),
  Buffer.from(CANARY).toString("base64url"),
  encodeURIComponent(CANARY),
  CANARY.slice(0, 8),
  CANARY.slice(-8),
];

/** Where the canary shows, in what a command printed and in every file of its folder. */
function findCanary(folder: RunFolder, { stdout, stderr }: Ending): string[] {
  const texts = new Map([
    ["stdout", stdout],
    ["stderr", stderr],
    ...folder.files().map((file) => [file, readFileSync(file, "latin1")] as const),
  ]);
  return [...texts].flatMap(([place, text]) => {
    return FORMS.filter((form) => text.includes(form)).map((form) => `${form} in ${place}`);
  });
}

const ENVIRONMENT = { KEY_A: CANARY, OPENAI_LOG: "debug", NODE_DEBUG: "" };
const SCENARIO = { ...FOUR_KEYS, keys: { a: { secret: CANARY } } };
const NAMES = ["a"];
const WITH_REPORT = [...RUN, "-o", "report.md"];
const EVERY_FORM = `These are not good: ${FORMS.slice(0, 4).join(", ")}`;

test("a run that goes well shows no key anywhere", async () => {
  const simulator = await openSimulator(SCENARIO);
  const folder = prepareRun(simulator.url, { names: NAMES });
  const ending = await runRota(folder, ENVIRONMENT, WITH_REPORT);
  expect(ending.code).toBe(0);
  expect(folder.files().length).toBeGreaterThan(6);
  expect(findCanary(folder, ending)).toEqual([]);
});

test("a server that says the key where it refuses a row gets it into no result, report or journal", async () => {
  const refusal = { kind: "status", status: 400 } as const;
  const faults = [
    { ...refusal, containsText: "subject 1", message: EVERY_FORM },
    { ...refusal, containsText: "subject 2", headers: { "x-request-id": CANARY } },
    { ...refusal, containsText: "subject 3", code: CANARY, type: CANARY },
  ];
  const simulator = await openSimulator({ ...SCENARIO, faults });
  const folder = prepareRun(simulator.url, { names: NAMES, rows: makeRows(4) });
  const ending = await runRota(folder, ENVIRONMENT, WITH_REPORT);
  expect(ending.code).toBe(1);
  expect(folder.read("results.csv")).toContain("[redacted]");
  expect(findCanary(folder, ending)).toEqual([]);
});

test.for([
  { where: "in its words", fault: { kind: "status", status: 401, message: EVERY_FORM } },
  { where: "cut short with asterisks", fault: { kind: "revoked" } },
  {
    where: "in the address it redirects to",
    fault: { kind: "redirect", location: `http://127.0.0.1:9/${encodeURIComponent(CANARY)}` },
  },
] as const)(
  "a server that says the key $where when it refuses it does not get it printed",
  async ({ fault }) => {
    const simulator = await openSimulator({ ...SCENARIO, faults: [fault] });
    const folder = prepareRun(simulator.url, { names: NAMES, rows: makeRows(3) });
    const ending = await runRota(folder, ENVIRONMENT, WITH_REPORT);
    expect(ending.code).toBe(4);
    expect(ending.stderr).toContain("[redacted]");
    expect(findCanary(folder, ending)).toEqual([]);
  },
);

test("a key written into the key file is refused without being shown", async () => {
  const simulator = await openSimulator(SCENARIO);
  const folder = prepareRun(simulator.url, { names: NAMES });
  const keyFile = makeKeyFile(simulator.url, { names: NAMES });
  folder.write("keys.yml", keyFile.replace("env:KEY_A", CANARY));
  const { code, stdout, stderr } = await runRota(folder, ENVIRONMENT);
  expect(code).toBe(2);
  for (const form of FORMS) expect(stdout + stderr).not.toContain(form);
  expect(simulator.stats().received).toBe(0);
});

test("the search for keys finds one that is planted, whatever its form", async () => {
  const simulator = await openSimulator(SCENARIO);
  const nothing = { code: 0, stdout: "", stderr: "" };
  for (const form of FORMS) {
    const folder = prepareRun(simulator.url);
    folder.write("leak.bin", `\0${form}\0`);
    expect(findCanary(folder, nothing)).not.toEqual([]);
    expect(findCanary(folder, { ...nothing, stderr: form })).not.toEqual([]);
  }
});

/** A process that may make files for all to read and write, as some containers do. */
const OPEN_UMASK = ["/bin/sh", "-c", 'umask 000; exec "$@"', "sh"];

const INPUTS = new Set(["pipeline.yml", "rows.csv", "keys.yml"]);

/** Files and folders that others than their owner may read, write or enter. */
function listOpenToOthers({ path }: RunFolder): string[] {
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => !INPUTS.has(name))
    .map((name) => ({ name, mode: statSync(join(path, name)).mode }))
    .filter(({ mode }) => (mode & 0o077) !== 0)
    .map(({ name, mode }) => `${name}: ${mode.toString(8)}`);
}

// Windows knows no umask and no modes of files.
test.skipIf(process.platform === "win32")(
  "what a run leaves is for its owner alone, though the umask allows all: at work, killed, and ended",
  async () => {
    const simulator = await openSimulator({
      ...FOUR_KEYS,
      faults: [{ kind: "hang", afterRequests: 30, untilRequests: 40 }],
    });
    const folder = prepareRun(simulator.url, { rows: makeRows(60) });
    // Code that anyone could write must not be kept for later runs.
    const environment = { ...makeEnvironment(), NODE_DISABLE_COMPILE_CACHE: "1" };
    const outputs = ["out/deep/results.csv", "out/results.jsonl", "report.md"];
    const args = [...RUN.slice(0, RUN.indexOf("-o")), ...outputs.flatMap((file) => ["-o", file])];
    {
      await using run = startRota(folder, environment, args, OPEN_UMASK);
      await expect.poll(() => simulator.stats().accepted, { timeout: 20_000 }).toBe(60);
      expect(folder.files().map((file) => basename(file))).toContain("journal.db-wal");
      expect(listOpenToOthers(folder)).toEqual([]);
      run.child.kill("SIGKILL");
      await run.ended;
    }
    expect(listOpenToOthers(folder)).toEqual([]);

    const journal = folder.files().find((file) => file.endsWith("journal.db")) ?? "";
    chmodSync(dirname(journal), 0o777);
    chmodSync(journal, 0o666);
    expect(await runRota(folder, environment, args, OPEN_UMASK)).toMatchObject({ code: 0 });
    const fresh = await runRota(folder, environment, [...args, "--fresh"], OPEN_UMASK);
    expect(fresh.code).toBe(0);
    expect(listOpenToOthers(folder)).toEqual([]);
    expect(folder.files().map((file) => basename(file))).toContain("report.md");
  },
);
