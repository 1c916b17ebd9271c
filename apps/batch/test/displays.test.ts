import { spawn, spawnSync } from "node:child_process";
import { existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { makeRows, openSimulator, PIPELINE, pointAt } from "./example.ts";
import { makeFolder, runRota, startRota } from "./rota-process.ts";

const RUN = ["run", "pipeline.yml", "rows.csv"];
const FILES = { "pipeline.yml": PIPELINE, "rows.csv": makeRows(3) };
const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

function countResults(folder: string): number {
  return readFileSync(join(folder, "results.csv"), "utf8").trimEnd().split("\n").length - 1;
}

/** Runs the command with its streams led to these files. @returns its exit code */
function runInto(
  folder: string,
  args: readonly string[],
  { stdout = "/dev/null", stderr = "/dev/null" }: { stdout?: string; stderr?: string },
): Promise<number | null> {
  const open = (file: string) => openSync(join(folder, file), "w");
  const isDevice = (file: string) => file.startsWith("/dev/");
  const [out, err] = [stdout, stderr].map((file) =>
    isDevice(file) ? openSync(file, "w") : open(file),
  );
  const child = spawn(process.execPath, ["--", main, ...args], {
    cwd: folder,
    env: {},
    stdio: ["ignore", out, err],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return new Promise((resolve) => child.on("close", resolve));
}

test("who stops reading stderr does not stop the work", async () => {
  const folder = makeFolder(FILES);
  const run = startRota(folder, [...RUN, "--simulate"]);
  run.child.stderr.destroy();
  run.child.stdout.destroy();
  expect((await run.ended).code).toBe(0);
  expect(countResults(folder)).toBe(3);
});

test("what --json promises and nobody reads does not stop the work, but the code tells", async () => {
  const folder = makeFolder(FILES);
  const run = startRota(folder, [...RUN, "--simulate", "--json"]);
  run.child.stdout.destroy();
  const { code, stderr } = await run.ended;
  expect(code).toBe(74);
  expect(stderr).toContain("echo: done, 3 rows");
  expect(countResults(folder)).toBe(3);
});

test("a code that says more is kept when nobody reads --json", async () => {
  const folder = makeFolder({ ...FILES, "pipeline.yml": "steps: 1\n" });
  const run = startRota(folder, [...RUN, "--simulate", "--json"]);
  run.child.stdout.destroy();
  expect((await run.ended).code).toBe(2);
});

// Windows has no such device.
test.skipIf(process.platform !== "linux")(
  "a disk that is full where a log goes ends the log, not the run",
  async () => {
    const folder = makeFolder(FILES);
    const plain = [...RUN, "--simulate", "--progress", "plain"];
    expect(await runInto(folder, plain, { stderr: "/dev/full" })).toBe(0);
    expect(countResults(folder)).toBe(3);
    const json = [...RUN, "--simulate", "--json", "--fresh"];
    expect(await runInto(folder, json, { stdout: "/dev/full" })).toBe(74);
    expect(countResults(folder)).toBe(3);
  },
);

test("what goes into files is there whole", async () => {
  const folder = makeFolder(FILES);
  const args = [...RUN, "--simulate", "--json"];
  expect(await runInto(folder, args, { stdout: "out.json", stderr: "log.txt" })).toBe(0);
  expect(JSON.parse(readFileSync(join(folder, "out.json"), "utf8"))).toMatchObject({
    rows: { done: 3 },
  });
  expect(readFileSync(join(folder, "log.txt"), "utf8")).toContain("echo: done, 3 rows");
});

test.skipIf(spawnSync("script", ["--version"]).status !== 0)(
  "a terminal that is closed stops the run, so that it can be continued and nothing is paid twice",
  async () => {
    const simulator = await openSimulator({
      unknownKeys: "accept",
      latency: { kind: "fixed", ms: 100 },
    });
    const folder = makeFolder({ ...FILES, "rows.csv": makeRows(200) });
    const command = `${process.execPath} -- ${main} ${RUN.join(" ")}; echo $? > code.tmp; mv code.tmp code`;
    // The terminal's own shell dies of the hangup and hands it on. The other lives to tell the code.
    const shells = `sh -c 'trap "" HUP; ${command}'; true`;
    const terminal = spawn("script", ["-qfc", shells, "/dev/null"], {
      cwd: folder,
      env: { TERM: "xterm", PATH: process.env["PATH"], SHELL: "/bin/sh", ...pointAt(simulator) },
      stdio: ["pipe", "ignore", "ignore"],
    });
    onTestFinished(() => void terminal.kill("SIGKILL"));
    await expect.poll(() => simulator.stats().accepted, { timeout: 20_000 }).toBeGreaterThan(10);
    terminal.kill("SIGKILL");
    await expect.poll(() => existsSync(join(folder, "code")), { timeout: 10_000 }).toBe(true);
    expect(readFileSync(join(folder, "code"), "utf8").trim()).toBe("130");

    const { code } = await runRota(folder, RUN, pointAt(simulator));
    expect(code).toBe(0);
    expect(countResults(folder)).toBe(200);
    expect(simulator.stats().repeats?.requests).toBe(0);
  },
);
