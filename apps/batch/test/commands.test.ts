import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { makeRows, openSimulator, PIPELINE } from "./example.ts";
import { makeFolder, runRota, startRota } from "./rota-process.ts";

test("what init writes passes check and runs on the simulator", async () => {
  const folder = makeFolder();
  const init = await runRota(folder, ["init", "triage"]);
  expect(init.code).toBe(0);
  expect(init.stderr).toContain("cd triage && rota run pipeline.yml rows.csv --simulate");

  const triage = join(folder, "triage");
  const check = await runRota(triage, ["check", "pipeline.yml", "rows.csv"]);
  expect(check).toMatchObject({ code: 0 });
  const run = await runRota(triage, ["run", "pipeline.yml", "rows.csv", "--simulate"]);
  expect(run).toMatchObject({ code: 0 });
  expect(readFileSync(join(triage, "report.md"), "utf8")).toContain("8 tickets");
});

test("init never changes a file that is there", async () => {
  const folder = makeFolder({ "rows.csv": "mine\n" });
  const { code, stderr } = await runRota(folder, ["init"]);
  expect(code).toBe(0);
  expect(stderr).toContain("rows.csv was there and stays");
  expect(readFileSync(join(folder, "rows.csv"), "utf8")).toBe("mine\n");
  expect(readdirSync(folder)).toContain("pipeline.yml");
});

test("check shows the first row's messages and the command to type next", async () => {
  const folder = makeFolder({ "pipeline.yml": PIPELINE, "rows.csv": makeRows(3) });
  const { code, stderr } = await runRota(folder, ["check", "pipeline.yml", "rows.csv"]);
  expect(code).toBe(0);
  expect(stderr).toContain("Say something about subject 1");
  expect(stderr).toContain("rota run pipeline.yml rows.csv --simulate");
});

test("check shows which step the first row fails at, and why", async () => {
  const guarded = PIPELINE.replace(/^( +)messages:/m, "$1when: 'int(row.text) > 1'\n$&");
  const folder = makeFolder({ "pipeline.yml": guarded, "rows.csv": makeRows(3) });
  const { code, stderr } = await runRota(folder, ["check", "pipeline.yml", "rows.csv"]);
  expect(stderr).toMatch(/first row at step \S+ fails: the condition cannot be evaluated/);
  expect(code).toBe(0);
});

test.skipIf(process.platform === "win32")(
  "a secret file that everybody may read is warned of by check and by run, once, and used",
  async () => {
    const simulator = await openSimulator({ unknownKeys: "accept" });
    const keys = {
      keys: { a: { secret: "file:secret", limitGroup: "g" } },
      limitGroups: { g: { baseUrl: simulator.url } },
    };
    const folder = makeFolder({
      "pipeline.yml": PIPELINE,
      "rows.csv": makeRows(3),
      "keys.yml": JSON.stringify(keys),
      secret: "sk-canary-51ab04ce77\n",
    });
    chmodSync(join(folder, "secret"), 0o644);
    const files = ["pipeline.yml", "rows.csv", "--keys", "keys.yml"];
    for (const command of ["check", "run"]) {
      const { code, stderr } = await runRota(folder, [command, ...files]);
      expect(code).toBe(0);
      expect(stderr.match(/every user of this machine may read the secret/g)).toHaveLength(1);
      expect(stderr).toContain(`chmod 600 ${join(folder, "secret")}`);
    }
    chmodSync(join(folder, "secret"), 0o600);
    expect((await runRota(folder, ["check", ...files])).stderr).not.toContain("every user");
  },
);

test.for([
  ['"sk-canary-51ab04ce77"', "stands in quotes"],
  ["${OPENAI_KEY}", "was not filled in"],
  ["a=sk-canary-51ab,b=sk-canary-04ce", "equals sign before it"],
  ["sk-canary 51ab", "no key can have"],
] as const)("%s is refused as a key before anything is sent", async ([secret, words]) => {
  const folder = makeFolder({ "pipeline.yml": PIPELINE, "rows.csv": makeRows(3) });
  const environment = { OPENAI_API_KEY: secret };
  const { code, stderr } = await runRota(folder, ["run", "pipeline.yml", "rows.csv"], environment);
  expect(code).toBe(2);
  expect(stderr).toContain("OPENAI_API_KEY");
  expect(stderr).toContain(words);
  expect(stderr).not.toContain("51ab");
});

// Windows has no signals: `kill` ends a process there at once.
test.skipIf(process.platform === "win32")(
  "simulate serves until it is interrupted, then tells what it saw",
  async () => {
    const simulate = startRota(makeFolder(), ["simulate"]);
    await simulate.untilSaid("Ctrl-C ends it");
    simulate.child.kill("SIGINT");
    const { code, stdout, stderr } = await simulate.ended;
    expect(code).toBe(0);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/Simulator at http:\/\/127\.0\.0\.1:\d+\/v1/);
    expect(stderr).toContain("sk-sim-research");
    expect(stderr).toContain("0 requests, 0 accepted");
  },
);

test("a scenario's mistake is shown in its place", async () => {
  const folder = makeFolder({ "scenario.yml": "keys:\n  only: { sekret: x }\n" });
  const { code, stderr } = await runRota(folder, ["simulate", "scenario.yml"]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/scenario\.yml:2:11: .*unknown field\n {4}2 \| {3}only/);
});

test.for([
  [["rnu"], "did you mean `run`?"],
  [["run", "p.yml", "r.csv", "--kyes", "k"], "did you mean --keys?"],
  [["run", "p.yml"], "ROWS"],
  [["run", "p.yml", "r.csv", "-j", "many"], "write a whole number"],
  [["run", "p.yml", "--simulate", "r.csv"], "write it after PIPELINE and ROWS"],
] as const)("%j is answered with help and 2", async ([args, words]) => {
  const { code, stdout, stderr } = await runRota(makeFolder(), args);
  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toContain(words);
});

const launcher = fileURLToPath(new URL("../bin/rota.mjs", import.meta.url));

test("an old Node is told what to do", () => {
  const pretend = `Object.defineProperty(process.versions, "node", { value: "22.1.0" })`;
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--import", `data:text/javascript,${encodeURIComponent(pretend)}`, launcher, "--help"],
    { encoding: "utf8" },
  );
  expect(status).toBe(2);
  expect(stderr).toContain("needs Node 24.15 or newer; this is Node 22.1.0");
  expect(stderr).toContain("npx rota");
});

test("a checkout that is not built yet is told how to build", () => {
  const folder = makeFolder();
  mkdirSync(join(folder, "bin"));
  copyFileSync(launcher, join(folder, "bin", "rota.mjs"));
  const { status, stderr } = spawnSync(process.execPath, [join(folder, "bin", "rota.mjs")], {
    encoding: "utf8",
  });
  expect(status).toBe(2);
  expect(stderr).toContain("npm start");
});
