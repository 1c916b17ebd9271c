import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { makeEnvironment, makeRows, rowIds } from "./example.ts";
import { runInto, runRota } from "./rota-process.ts";
import { canMount, makeRoom, mountDisk } from "./small-disk.ts";
import { openSimulator, prepareRun } from "./stage.ts";

/** As long as a page: a thousand of them fill a small disk. */
const LONG_ROWS = makeRows(300, (number) => `subject ${number} ${"x".repeat(2_000)}`);

test.skipIf(!canMount()).each([
  { disk: "outputs", folderName: "out", size: "300k", told: /out\/results\.jsonl? .*disk is full/ },
  {
    disk: "outputs of CSV",
    folderName: "out",
    size: "900k",
    told: /out\/results\..* disk is full/,
  },
  { disk: "the journal", folderName: ".rota", size: "300k", told: /journal\.db .*disk is full/ },
])("a disk for $disk that fills up in mid-run loses nothing", async (trial) => {
  const { folderName, size, told } = trial;
  const simulator = await openSimulator();
  const folder = prepareRun(simulator.url, { rows: LONG_ROWS });
  mountDisk(folder, folderName, `size=${size}`);
  const args = runInto("out/results.csv", "out/results.jsonl");
  const full = await runRota(folder, makeEnvironment(), args);
  expect(full.code).toBe(74);
  expect(full.stderr).toMatch(told);
  expect(full.stderr).toMatch(/Make room on the disk, then type the same command again/);
  expect(folder.files().filter((file) => file.endsWith(".tmp"))).toEqual([]);

  makeRoom(folder, folderName);
  const again = await runRota(folder, makeEnvironment(), args);
  expect(again.code).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject({ rows: { total: 300, done: 300 } });
  const results: Record<string, string>[] = parse(folder.read("out/results.csv"), {
    columns: true,
  });
  expect(results.map(({ id }) => id)).toEqual(rowIds(300));
  expect(simulator.stats().received).toBeLessThanOrEqual(300 + 32);
});

test.skipIf(!canMount())(
  "a full disk for shared limits does not keep a run from its end",
  async () => {
    const simulator = await openSimulator();
    const folder = prepareRun(simulator.url);
    mountDisk(folder, "limits", "size=4k");
    const environment = { ...makeEnvironment(), ROTA_LIMITS_DIR: folder.file("limits") };
    const { code } = await runRota(folder, environment, runInto("results.csv"));
    expect(code).toBe(0);
    expect(folder.results()).toHaveLength(20);
  },
);
