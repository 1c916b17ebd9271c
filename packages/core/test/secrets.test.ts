import { chmodSync, readFileSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, test } from "vitest";
import { answerWith, makeCompletion, startReplyServer } from "../testing/reply-server.ts";
import { ECHO, FOUR_KEYS, makeEnvironment, makeKeyFile, makeRows } from "./example.ts";
import type { RunFolder } from "./run-folder.ts";
import { RUN, runRota, startRota, type Ending } from "./rota-process.ts";
import { openSimulator, prepareRun } from "./stage.ts";

/** With characters that a URL writes otherwise, and none of the shapes that keys are known by. */
const CANARY = "zq7+Canary/51ab04ce77==9f";

/** The canary as it may be written. */
const FORMS = [
  CANARY,
  encodeURIComponent(CANARY),
  JSON.stringify(CANARY).slice(1, -1).replaceAll("/", "\\/"),
  Buffer.from(CANARY).toString("hex"),
  Buffer.from(CANARY).toString("hex").toUpperCase(),
  // What does not depend on what stands before it, for the three places that this can move it to.
  ...[0, 1, 2].flatMap((shift) => {
    const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(CANARY)]);
    const from = Math.ceil((shift * 8) / 6);
    const to = Math.floor((bytes.length * 8) / 6);
    return [bytes.toString("base64"), bytes.toString("base64url")].map((text) =>
      text.slice(from, to),
    );
  }),
];

/** Each part of a form that is so long that it must not be seen anywhere, and both ends. */
const NEEDLES = FORMS.flatMap((form) => {
  const length = Math.ceil((12 * form.length) / CANARY.length);
  const parts = Array.from({ length: form.length - length + 1 }, (_, from) => {
    return form.slice(from, from + length);
  });
  return [...parts, ...(form === CANARY ? [form.slice(0, 8), form.slice(-8)] : [])];
});

function findCanaryIn(texts: ReadonlyMap<string, string>): string[] {
  return [...texts].flatMap(([place, text]) => {
    // Base64 may be broken into lines, in JSON too.
    const joined = text.replaceAll(/\s|\\[nrt]/g, "");
    const found = NEEDLES.find((needle) => text.includes(needle) || joined.includes(needle));
    return found === undefined ? [] : [`${found} in ${place}`];
  });
}

/** Where the canary shows, in what a command printed and in every file of its folder. */
function findCanary(folder: RunFolder, { stdout, stderr }: Ending): string[] {
  const files = folder.files().map((file) => [file, readFileSync(file, "latin1")] as const);
  return findCanaryIn(new Map([["stdout", stdout], ["stderr", stderr], ...files]));
}

const ENVIRONMENT = { KEY_A: CANARY, OPENAI_LOG: "debug", NODE_DEBUG: "" };
const SCENARIO = { ...FOUR_KEYS, keys: { a: { secret: CANARY } } };
const NAMES = ["a"];
const WITH_REPORT = [...RUN, "-o", "report.md"];
const EVERY_FORM = `These are not good: ${FORMS.join(", ")}`;
const asBearer = (encoding: "base64" | "base64url") =>
  Buffer.from(`Bearer ${CANARY}`).toString(encoding);

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

/** What a server may make of the key in a reply with the status of success. */
const HOSTILE_REPLIES: readonly object[] = [
  ...FORMS.map((form) => makeCompletion(`The key is ${form}, I was told.`)),
  makeCompletion(asBearer("base64")),
  makeCompletion(asBearer("base64url").replaceAll(/.{16}/g, "$&\n")),
  makeCompletion(`It begins with ${CANARY.slice(0, 12)} …`),
  makeCompletion(`… and ends with ${CANARY.slice(-12)}`),
  makeCompletion(JSON.stringify({ note: CANARY })),
  makeCompletion("It is urgent.", { finish_reason: CANARY }),
  makeCompletion("", { finish_reason: CANARY }),
  makeCompletion(null, { message: { role: "assistant", refusal: `I will not say ${CANARY}` } }),
  makeCompletion(`${CANARY} and more`, { finish_reason: "content_filter" }),
  { error: { message: `${" ".repeat(19_990)}${CANARY}` } },
  { error: { message: `${"x".repeat(490)}${CANARY}` } },
  { ...makeCompletion("It is urgent."), usage: { prompt_tokens: CANARY } },
];

test("a reply that holds the key gets it into no result, report or journal, and that is said", async () => {
  let count = 0;
  await using server = await startReplyServer((response) => {
    const headers = { "x-request-id": `req ${CANARY}`, "x-ratelimit-remaining-requests": CANARY };
    answerWith(response, HOSTILE_REPLIES[count++ % HOSTILE_REPLIES.length], { headers });
  });
  const rows = makeRows(2 * HOSTILE_REPLIES.length);
  const folder = prepareRun(`${server.origin}/v1`, { names: NAMES, rows });
  const args = WITH_REPORT.map((word) => (word === "none" ? "plain" : word));
  const ending = await runRota(folder, ENVIRONMENT, args);
  expect(ending.code).toBe(1);
  expect(findCanary(folder, ending)).toEqual([]);
  expect(folder.read("results.csv")).toContain("The key is [redacted], I was told.");
  expect(ending.stderr.match(/held the secret of a key/g)).toHaveLength(1);
  // Each but the four whose words are an error's, and the one with the odd usage.
  const masked = 2 * (HOSTILE_REPLIES.length - 4);
  expect(JSON.parse(ending.stdout)).toMatchObject({ calls: { masked } });
  expect(ending.stderr).toContain(`${masked} masked`);
});

test("a run that is killed leaves no key in the journal and beside it", async () => {
  let count = 0;
  await using server = await startReplyServer((response) => {
    if (count++ < 12) answerWith(response, makeCompletion(`The key is ${CANARY}`));
  });
  const folder = prepareRun(`${server.origin}/v1`, { names: NAMES, rows: makeRows(40) });
  await using run = startRota(folder, ENVIRONMENT);
  await expect.poll(() => count, { timeout: 20_000 }).toBeGreaterThan(13);
  run.child.kill("SIGKILL");
  const ending = await run.ended;
  expect(folder.files().map((file) => basename(file))).toContain("journal.db-wal");
  expect(folder.query("SELECT * FROM call").length).toBeGreaterThan(12);
  expect(findCanary(folder, ending)).toEqual([]);
});

test("an error that nobody caught is a bug that shows no key, and the run can be continued", async () => {
  const simulator = await openSimulator({ ...SCENARIO, latency: { kind: "fixed", ms: 100 } });
  const folder = prepareRun(simulator.url, { names: NAMES, rows: makeRows(60) });
  const forms = JSON.stringify([...FORMS, asBearer("base64")]);
  const source = `setTimeout(() => {
    const error = new Error("broken " + ${forms}.join(" "));
    throw Object.assign(error, { headers: { authorization: "Bearer ${CANARY}", long: "x".repeat(9_990) + "${CANARY}" } });
  }, 1_500)`;
  const broken = await runRota(folder, {
    ...ENVIRONMENT,
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(source)}`,
  });
  expect(broken.code).toBe(70);
  expect(broken.stderr).toContain("this is a bug in rota");
  expect(broken.stderr).toContain("[redacted]");
  expect(findCanary(folder, broken)).toEqual([]);

  const continued = await runRota(folder, ENVIRONMENT);
  expect(continued.code).toBe(0);
  expect(JSON.parse(continued.stdout)).toMatchObject({ rows: { done: 60 } });
  expect(findCanary(folder, continued)).toEqual([]);
});

/** A pipeline with the key where it does not belong, and a mistake on the same line. */
const TYPED_KEY = `${ECHO}apikey: ${CANARY}\n`;
const KEYLESS = { OPENAI_LOG: "debug" };

test.for([
  ["run", ENVIRONMENT, RUN],
  ["run that finds no key", KEYLESS, RUN],
  ["check", ENVIRONMENT, ["check", "pipeline.yml", "rows.csv", "--keys", "keys.yml"]],
  ["check that finds no key", KEYLESS, ["check", "pipeline.yml", "rows.csv"]],
  ["check --json", KEYLESS, ["check", "pipeline.yml", "--json"]],
] as const)("a key typed into a pipeline is not shown by %s", async ([, environment, args]) => {
  const simulator = await openSimulator(SCENARIO);
  for (const pipeline of [
    TYPED_KEY,
    `${ECHO}${" ".repeat(3)}key: [${CANARY}\n`,
    ECHO.replace("model: gpt-5-mini", `model: gpt-5-mini, apiKey: ${CANARY}`),
    `# ${"long ".repeat(12)}\n${ECHO}x: {${"y".repeat(60)}: ${CANARY}, z: [}\n`,
  ]) {
    const folder = prepareRun(simulator.url, { names: NAMES, pipeline });
    const { code, stdout, stderr } = await runRota(folder, environment, args);
    expect(code).toBe(2);
    expect(stderr).toContain("pipeline.yml");
    expect(findCanaryIn(new Map(Object.entries({ stdout, stderr })))).toEqual([]);
  }
  expect(simulator.stats().received).toBe(0);
});

test.for([
  ["check", ["check", "pipeline.yml", "rows.csv", "--keys", "keys.yml"]],
  ["check --json", ["check", "pipeline.yml", "rows.csv", "--keys", "keys.yml", "--json"]],
  ["init", ["init", "example"]],
  ["init in a folder of the key's name", ["init", CANARY]],
  ["run --simulate", [...RUN, "--simulate"]],
  ["an option that is wrong", ["run", "pipeline.yml", "rows.csv", "--concurrency", CANARY]],
  ["a file that is not there", ["run", `${CANARY}.yml`, "rows.csv"]],
  ["a command that is not there", [CANARY]],
  ["a state folder that is a file", [...RUN, "--state-dir", "rows.csv"]],
] as const)("nothing that %s prints or writes shows a key", async ([, args]) => {
  const simulator = await openSimulator(SCENARIO);
  const folder = prepareRun(simulator.url, { names: NAMES });
  const ending = await runRota(folder, { ...ENVIRONMENT, OPENAI_API_KEY: CANARY }, args);
  expect(ending.code).not.toBe(70);
  expect(findCanary(folder, ending)).toEqual([]);
});

test.for([[], ["--json"]])("check %j shows a row without the key in it", async (options) => {
  const rows = makeRows(2, () => `the key ${CANARY}`);
  const folder = prepareRun("http://127.0.0.1:9/v1", { names: NAMES, rows });
  const args = ["check", "pipeline.yml", "rows.csv", "--keys", "keys.yml", ...options];
  const { code, stdout, stderr } = await runRota(folder, ENVIRONMENT, args);
  expect(code).toBe(0);
  expect(stdout + stderr).toContain("Say something about the key [redacted]");
  expect(findCanaryIn(new Map(Object.entries({ stdout, stderr })))).toEqual([]);
});

test("a simulator that serves shows no key of the environment", async () => {
  const folder = prepareRun("http://127.0.0.1:9/v1", { names: NAMES });
  const environment = { ...ENVIRONMENT, OPENAI_API_KEY: CANARY };
  await using server = startRota(folder, environment, ["simulate"]);
  await new Promise((resolve) => server.child.stderr?.once("data", resolve));
  server.child.kill("SIGTERM");
  expect(findCanary(folder, await server.ended)).toEqual([]);
});

test("a key written into the key file is refused without being shown", async () => {
  const simulator = await openSimulator(SCENARIO);
  const folder = prepareRun(simulator.url, { names: NAMES });
  const keyFile = makeKeyFile(simulator.url, { names: NAMES });
  folder.write("keys.yml", keyFile.replace("env:KEY_A", CANARY));
  const { code, stdout, stderr } = await runRota(folder, ENVIRONMENT);
  expect(code).toBe(2);
  expect(findCanaryIn(new Map(Object.entries({ stdout, stderr })))).toEqual([]);
  expect(simulator.stats().received).toBe(0);
});

test("the search for keys finds one that is planted, whatever its form", async () => {
  const simulator = await openSimulator(SCENARIO);
  const nothing = { code: 0, stdout: "", stderr: "" };
  const leaks = [
    ...FORMS,
    asBearer("base64"),
    asBearer("base64url").replaceAll(/.{16}/g, "$&\n"),
    Buffer.from(`user:${CANARY}@host`).toString("base64"),
    `sk ${CANARY.slice(5, 17)}`,
    CANARY.slice(0, 8),
    CANARY.slice(-8),
  ];
  for (const leak of leaks) {
    const folder = prepareRun(simulator.url);
    folder.write("leak.bin", `\0${leak}\0`);
    expect(findCanary(folder, nothing)).toHaveLength(1);
    expect(findCanary(folder, { ...nothing, stderr: leak })).toHaveLength(2);
    expect(findCanary(folder, { ...nothing, stdout: leak })).toHaveLength(2);
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
