import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VirtualClock } from "../src/clock/virtual-clock.ts";
import { keysFromSecrets } from "../src/keys/configuration/keys-from-secrets.ts";
import type { Run } from "../src/run.ts";
import type { RunOptions } from "../src/run-options.ts";
import { startRun } from "../src/start-run.ts";
import { createRandom } from "../src/vocabulary/random.ts";
import type { RunSummary } from "../src/vocabulary/run-summary.ts";
import { type Behaviour, ModelledProvider, reply } from "./modelled-provider.ts";

/** As for `startRun`; what no model needs may be left out. */
export interface ModelledRunOptions
  extends
    Pick<RunOptions, "pipeline" | "rows">,
    Partial<Omit<RunOptions, "pipeline" | "rows" | "provider" | "clock" | "random">> {
  /** What the model does with each request. @default replies with the prompt */
  readonly behave?: Behaviour;
  /** Of the latencies, 0.5 to 1.5 seconds each, and of all jitter. @default 1 */
  readonly seed?: number;
}

export interface ModelledRun {
  readonly run: Run;
  /** Knows what was sent. */
  readonly provider: ModelledProvider;
  readonly clock: VirtualClock;
  /** Lets time pass, none of it real, until the run is over. */
  readonly finish: () => Promise<RunSummary>;
}

/**
 * Starts a run whose replies come from a function, without a network, in virtual time. Its journal
 * is kept until the process ends, unless a `stateDirectory` is named.
 */
export function startModelledRun(options: ModelledRunOptions): ModelledRun {
  const { behave = ({ prompt }) => reply(prompt), seed = 1, ...others } = options;
  const clock = new VirtualClock();
  const random = createRandom(seed);
  const provider = new ModelledProvider(clock, random, behave);
  const run = startRun({
    keys: keysFromSecrets(new Map([["model", "no-secret"]])),
    stateDirectory: options.stateDirectory ?? makeTemporaryFolder(),
    ...others,
    provider,
    clock,
    random,
  });
  return { run, provider, clock, finish: () => clock.runUntil(run.finished) };
}

const temporaryFolders: string[] = [];

function makeTemporaryFolder(): string {
  if (temporaryFolders.length === 0) {
    process.once("exit", () => {
      for (const folder of temporaryFolders) rmSync(folder, { recursive: true, force: true });
    });
  }
  const folder = mkdtempSync(join(tmpdir(), "rota-modelled-"));
  temporaryFolders.push(folder);
  return folder;
}
