import { startSimulator, type ScenarioInput, type Simulator } from "@rota/simulator";
import { onTestFinished } from "vitest";
import { loadKeys, startRun, type RunOptions, type RunSummary } from "../src/index.ts";
import { ECHO, FOUR_KEYS, makeEnvironment, makeKeyFile, makeRows } from "./example.ts";
import { makeRunFolder, type RunFolder } from "./run-folder.ts";

/** A simulator that is closed after the test. */
export async function openSimulator(scenario: ScenarioInput = FOUR_KEYS): Promise<Simulator> {
  const simulator = await startSimulator({ scenario });
  onTestFinished(() => simulator.close());
  return simulator;
}

/** A folder with a pipeline, rows and keys that lead to a server; it is gone after the test. */
export function prepareRun(
  url: string,
  {
    pipeline = ECHO,
    rows = makeRows(20),
    ...keys
  }: { readonly pipeline?: string; readonly rows?: string } & Parameters<
    typeof makeKeyFile
  >[1] = {},
): RunFolder {
  const folder = makeRunFolder({
    "pipeline.yml": pipeline,
    "rows.csv": rows,
    "keys.yml": makeKeyFile(url, keys),
  });
  onTestFinished(() => folder[Symbol.dispose]());
  return folder;
}

/** Runs the pipeline in this process, with what `RUN` asks of the command. */
export function runHere(folder: RunFolder, options: Partial<RunOptions> = {}): Promise<RunSummary> {
  return startRun({
    pipeline: folder.file("pipeline.yml"),
    rows: folder.file("rows.csv"),
    keys: loadKeys({ file: folder.file("keys.yml"), environment: makeEnvironment() }),
    outputFiles: [folder.file("results.csv"), folder.file("results.jsonl")],
    stateDirectory: folder.file(".rota"),
    ...options,
  }).finished;
}
