import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeEnvironment, makeRows, rowIds } from "./example.ts";
import { runRota } from "./rota-process.ts";
import { openSimulator, prepareRun } from "./stage.ts";

const PLAIN = "run pipeline.yml rows.csv --keys keys.yml --progress plain -o results.csv".split(
  " ",
);

test("four runs begun at one moment on a fresh machine share limits without a word", async () => {
  const simulator = await openSimulator();
  const folders = Array.from({ length: 4 }, () =>
    prepareRun(simulator.url, { rows: makeRows(30) }),
  );
  const [first] = folders;
  const environment = {
    ...makeEnvironment(),
    ROTA_LIMITS_DIR: join(first?.path ?? "", "state", "limits"),
  };
  const endings = await Promise.all(folders.map((folder) => runRota(folder, environment, PLAIN)));
  for (const { code, stderr } of endings) {
    expect(stderr).not.toContain("note:");
    expect(code).toBe(0);
  }
  for (const folder of folders) expect(folder.results().map(({ id }) => id)).toEqual(rowIds(30));
  expect(existsSync(join(environment.ROTA_LIMITS_DIR, "limits.db"))).toBe(true);
});

test.each([
  ["is damaged", (file: string) => writeFileSync(file, "not a database ".repeat(500))],
  ["is a folder", (file: string) => mkdirSync(file)],
])("a shared state that %s is told once, and the run goes on alone", async (_, spoil) => {
  const simulator = await openSimulator();
  const folder = prepareRun(simulator.url, { rows: makeRows(20) });
  const environment = { ...makeEnvironment(), ROTA_LIMITS_DIR: join(folder.path, "limits") };
  mkdirSync(environment.ROTA_LIMITS_DIR);
  spoil(join(environment.ROTA_LIMITS_DIR, "limits.db"));
  const { code, stderr } = await runRota(folder, environment, PLAIN);
  expect(stderr.match(/note: Limits are not shared with other runs on this machine/g)).toHaveLength(
    1,
  );
  expect(code).toBe(0);
  expect(folder.results().map(({ id }) => id)).toEqual(rowIds(20));
});
