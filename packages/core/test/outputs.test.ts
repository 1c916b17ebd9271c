import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, statSync, symlinkSync } from "node:fs";
import { expect, test } from "vitest";
import { canInjectFaults, injectFault } from "../testing/crash-trial.ts";
import { ECHO, FOUR_KEYS, makeEnvironment, makeRows } from "./example.ts";
import { RUN, runInto, runRota } from "./rota-process.ts";
import type { RunFolder } from "./run-folder.ts";
import { canMount, mountDisk } from "./small-disk.ts";
import { openSimulator, prepareRun, runHere } from "./stage.ts";

/** Permissions bind all but root. */
function makeReadOnly(folder: RunFolder, name: string): void {
  if (process.getuid?.() === 0) return mountDisk(folder, name, "ro");
  mkdirSync(folder.file(name));
  chmodSync(folder.file(name), 0o500);
}

interface Obstacle {
  readonly obstacle: string;
  readonly make: (folder: RunFolder) => void;
  readonly outputs: readonly string[];
  readonly code: number;
  /** Where it is, what it is and what to do about it. */
  readonly told: RegExp;
  readonly isPossible?: boolean;
}

const isWindows = process.platform === "win32";
const OBSTACLES: readonly Obstacle[] = [
  {
    obstacle: "a folder of that name",
    make: (folder) => mkdirSync(folder.file("out.csv")),
    outputs: ["out.csv"],
    code: 2,
    told: /out\.csv: the output is a folder\n {3}-> Choose another path/,
  },
  {
    obstacle: "a report of the name of a folder",
    make: (folder) => mkdirSync(folder.file("out.md")),
    outputs: ["out.csv", "out.md"],
    code: 2,
    told: /out\.md: the output is a folder/,
  },
  {
    obstacle: "a name that ends like a folder's",
    make: () => {},
    outputs: ["out.csv/"],
    code: 2,
    told: /out\.csv\/: the output is named as a folder\n {3}-> Choose another path/,
  },
  {
    obstacle: "a file where a folder should be",
    make: (folder) => folder.write("out", ""),
    outputs: ["out/out.csv"],
    code: 2,
    told: /out\/out\.csv: the output cannot be written: .*ENOTDIR.*\n {3}-> Choose another path/,
  },
  {
    obstacle: "a pipe",
    make: (folder) => void spawnSync("mkfifo", [folder.file("out.csv")]),
    outputs: ["out.csv"],
    code: 2,
    told: /out\.csv: the output is a device, a pipe or a socket\n/,
    isPossible: !isWindows,
  },
  {
    obstacle: "the template of a report",
    make: (folder) => {
      folder.write("report.md", "{{ run.rows.total }} rows\n");
      const report = "{ file: report.md, template: report.md }";
      folder.write("pipeline.yml", `${ECHO}\noutputs: [${report}]\n`);
    },
    outputs: ["out.csv"],
    code: 2,
    told: /report\.md: the output would overwrite a file that the run reads\n {3}-> Choose another/,
  },
  {
    obstacle: "a linked file",
    make: (folder) => symlinkSync("other.csv", folder.file("out.csv")),
    outputs: ["out.csv"],
    code: 2,
    told: /out\.csv: the output is a link to another place\n/,
    isPossible: !isWindows,
  },
  {
    obstacle: "two outputs that meet through a linked folder",
    make: (folder) => symlinkSync(".", folder.file("here")),
    outputs: ["out.csv", "here/out.csv"],
    code: 2,
    told: /here\/out\.csv: two outputs are one file\n/,
    isPossible: !isWindows,
  },
  {
    obstacle: "the rows through a linked folder",
    make: (folder) => symlinkSync(".", folder.file("here")),
    outputs: ["here/rows.csv"],
    code: 2,
    told: /here\/rows\.csv: the output would overwrite a file that the run reads\n/,
    isPossible: !isWindows,
  },
  {
    obstacle: "a folder that may only be read",
    make: (folder) => makeReadOnly(folder, "out"),
    outputs: ["results.csv", "out/report.md"],
    code: 74,
    told: /out\/report\.md cannot be written: it may not be written \(E(ROFS|ACCES).*type the same/,
    isPossible: !isWindows && (canMount() || process.getuid?.() !== 0),
  },
  {
    obstacle: "a folder to be made where nothing may be made",
    make: (folder) => makeReadOnly(folder, "out"),
    outputs: ["out/deep/out.csv"],
    code: 74,
    told: /out\/deep\/out\.csv cannot be written: it may not be written \(E(ROFS|ACCES)/,
    isPossible: !isWindows && (canMount() || process.getuid?.() !== 0),
  },
  {
    obstacle: "a full disk",
    make: (folder) => mountDisk(folder, "out", "size=16k"),
    outputs: ["out/out.csv"],
    code: 74,
    told: /out\/out\.csv cannot be written: the disk is full .*Make room on the disk, then type/,
    isPossible: canMount(),
  },
];

test("folders that are missing are made before anything is sent", async () => {
  const simulator = await openSimulator({ ...FOUR_KEYS, faults: [{ kind: "hang" }] });
  const folder = prepareRun(simulator.url);
  const stop = new AbortController();
  const ended = runHere(folder, {
    outputFiles: [folder.file("new/deep/out.csv")],
    signal: stop.signal,
    onEvent: ({ kind }) => {
      if (kind === "run-started") stop.abort();
    },
  });
  expect((await ended).status).toBe("interrupted");
  expect(existsSync(folder.file("new/deep"))).toBe(true);
});

test.each(OBSTACLES.filter(({ isPossible = true }) => isPossible))(
  "$obstacle in the way of an output is told before anything is sent",
  async ({ make, outputs, code, told }) => {
    const simulator = await openSimulator();
    const folder = prepareRun(simulator.url);
    make(folder);
    const ending = await runRota(folder, makeEnvironment(), runInto(...outputs));
    expect(ending.stderr).toMatch(told);
    expect(ending.code).toBe(code);
    expect(simulator.stats().received).toBe(0);
    expect(folder.files().filter((file) => file.endsWith(".tmp"))).toEqual([]);
  },
);

test.skipIf(!canMount())(
  "with room again, a run that was refused for a full disk is the same run",
  async () => {
    const simulator = await openSimulator();
    const folder = prepareRun(simulator.url);
    mountDisk(folder, "out", "size=16k");
    const args = runInto("out/out.csv");
    expect((await runRota(folder, makeEnvironment(), args)).code).toBe(74);
    spawnSync("umount", ["-l", folder.file("out")]);
    expect((await runRota(folder, makeEnvironment(), args)).code).toBe(0);
    expect(simulator.stats().received).toBe(20);
  },
);

test.skipIf(!canInjectFaults())(
  "what a process left beside an output when it was killed is gone after the next one",
  async () => {
    const simulator = await openSimulator();
    const folder = prepareRun(simulator.url);
    const environment = makeEnvironment();
    // From now on no other file is renamed before the output.
    expect((await runRota(folder, environment, runInto("results.csv"))).code).toBe(0);
    const killed = injectFault("rename", "signal=KILL", "1");
    await runRota(folder, environment, runInto("results.csv"), killed);
    const left = () => folder.files().filter((file) => file.endsWith(".tmp"));
    expect(left()).toHaveLength(1);

    expect((await runRota(folder, environment, runInto("results.csv"))).code).toBe(0);
    expect(left()).toEqual([]);
    expect(folder.results()).toHaveLength(20);
    expect(simulator.stats().received).toBe(20);
  },
);

// Windows wants a privilege for links.
test.skipIf(isWindows)(
  "an output that a pipeline names does not leave by a link, and one that is typed does",
  async () => {
    const simulator = await openSimulator();
    const elsewhere = prepareRun(simulator.url);
    const pipeline = `${ECHO}\noutputs: [{ file: out/results.csv }]\n`;
    const folder = prepareRun(simulator.url, { pipeline });
    symlinkSync(elsewhere.path, folder.file("out"));
    const refused = await runRota(folder, makeEnvironment(), runInto());
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(
      /out\/results\.csv: the output leads out of \/.*, to \/.*\n.*->/,
    );
    expect(simulator.stats().received).toBe(0);

    const typed = await runRota(folder, makeEnvironment(), runInto("out/results.csv"));
    expect(typed.code).toBe(0);
    expect(statSync(elsewhere.file("results.csv")).isFile()).toBe(true);
  },
);

test.skipIf(isWindows)("the same run through links is not paid twice", async () => {
  const simulator = await openSimulator();
  const folder = prepareRun(simulator.url, { rows: makeRows(5) });
  symlinkSync("rows.csv", folder.file("linked.csv"));
  symlinkSync(".", folder.file("here"));
  symlinkSync("pipeline.yml", folder.file("linked.yml"));
  const run = (...words: string[]) =>
    runRota(folder, makeEnvironment(), [...words, ...RUN.slice(3)]);
  expect((await run("run", "pipeline.yml", "rows.csv")).code).toBe(0);
  const again = await run("run", "linked.yml", "here/linked.csv", "--state-dir", "here/.rota");
  expect(again.code).toBe(0);
  expect(simulator.stats().received).toBe(5);
});

test("a named CSV is as careful with formulas as the pipeline's own", async () => {
  const simulator = await openSimulator();
  const pipeline = `${ECHO}\noutputs: [{ file: out.csv, formulas: escape }]\n`;
  const rows = "id,text\n=1+1,-5\n@b,+c\n";
  const folder = prepareRun(simulator.url, { pipeline, rows });
  await runHere(folder);
  expect(folder.results().map(({ id, text }) => [id, text])).toEqual([
    ["'=1+1", "-5"],
    ["'@b", "'+c"],
  ]);
  expect(folder.read("results.jsonl")).toContain('{"id":"=1+1","text":"-5"');
});
