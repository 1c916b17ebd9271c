import { readdirSync, statSync } from "node:fs";
import { expect, test } from "vitest";
import { FOUR_KEYS, makeEnvironment, makeRows } from "./example.ts";
import { runInto, startRota } from "./rota-process.ts";
import { openSimulator, prepareRun } from "./stage.ts";

// Windows knows no umask and no modes of files.
test.skipIf(process.platform === "win32")(
  "whatever a run makes is closed to others, even under a umask of 000",
  async () => {
    const simulator = await openSimulator({ ...FOUR_KEYS, latency: { kind: "fixed", ms: 50 } });
    const folder = prepareRun(simulator.url, { rows: makeRows(60) });
    const before = new Set(readdirSync(folder.path, { recursive: true }).map(String));
    const environment = {
      ...makeEnvironment(),
      ROTA_LIMITS_DIR: folder.file("limits"),
      TMPDIR: folder.file(""),
    };
    const args = runInto("out/results.csv", "out/results.jsonl", "report.md");
    const under = ["sh", "-c", 'umask 000; exec "$0" "$@"'];
    await using run = startRota(folder, environment, args, under);
    const listMade = () =>
      readdirSync(folder.path, { recursive: true })
        .map(String)
        .filter((name) => !before.has(name));
    const modes = new Map<string, number>();
    const look = () => {
      for (const name of listMade()) {
        const found = statSync(folder.file(name), { throwIfNoEntry: false });
        if (found) modes.set(name, found.mode & 0o777);
      }
    };
    await expect.poll(() => simulator.stats().received, { timeout: 20_000 }).toBeGreaterThan(20);
    look();
    expect((await run.ended).code).toBe(0);
    look();

    const open = [...modes].filter(([, mode]) => (mode & 0o077) !== 0).map(([name]) => name);
    expect(open).toEqual([]);
    const kinds = [...modes.keys()].map((name) => name.replace(/^.*[/]/, ""));
    for (const kind of [
      "journal.db",
      "journal.db-wal",
      "journal.db-shm",
      "lock.db",
      "lock.txt",
      "limits.db",
      "results.csv",
      "results.jsonl",
      "report.md",
      "out",
      "limits",
      ".rota",
    ]) {
      expect(kinds).toContain(kind);
    }
  },
);
