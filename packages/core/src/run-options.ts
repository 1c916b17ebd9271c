import type { RowInput } from "./rows/open-rows.ts";
import { ALL_ROWS, type RowRange } from "./rows/row-range.ts";
import type { Pipeline } from "./pipeline/pipeline.ts";
import type { PipelineDefinition } from "./pipeline/schema.ts";
import { systemClock } from "./clock/system-clock.ts";
import { systemRandom } from "./clock/system-random.ts";
import { locateLimits } from "./keys/shared/limits-directory.ts";
import type { Clock } from "./vocabulary/clock.ts";
import type { OnEvent } from "./vocabulary/event.ts";
import type { KeyRingConfiguration } from "./vocabulary/named-key.ts";
import type { Provider } from "./vocabulary/provider.ts";
import type { Random } from "./vocabulary/random.ts";

/** What a run is asked to do. What is left out comes from the pipeline, then from defaults. */
export interface RunOptions {
  /** A pipeline file or a `.prompt.yml`, as the user names it; or what would stand in the file. */
  readonly pipeline: string | PipelineDefinition;
  /**
   * The rows: a CSV or JSONL file, an iterable of objects, a function that gives one anew each time,
   * or a row source.
   */
  readonly rows: RowInput;
  readonly keys: KeyRingConfiguration;
  /** Rows to take, from 1, both ends included. @default all */
  readonly rowRange?: RowRange | undefined;
  /**
   * Instead of the pipeline's outputs of the same formats; the ending chooses the format.
   * @default the pipeline's; of a file without any `NAME.results.csv`, of an object without any none
   */
  readonly outputFiles?: readonly string[] | undefined;
  /**
   * The folder in which every output must really lie, wherever links lead. @default for outputs that
   * the pipeline names the current one; those of `outputFiles` may lie anywhere
   */
  readonly outputRoot?: string | undefined;
  /** Calls in flight at one time, from 1 to 10,000. @default the pipeline's, or 16 */
  readonly concurrency?: number | undefined;
  /**
   * US dollars, above 0, that the run may spend, over all its processes. @default the pipeline's, or
   * no bound
   */
  readonly budgetUsd?: number | undefined;
  /** Share of rows, and of groups, that may fail, 0 to 1. @default the pipeline's, or 0 */
  readonly maxErrorRate?: number | undefined;
  /** Minutes that limits may keep the whole run waiting. @default the pipeline's, or 60 */
  readonly maxWaitMinutes?: number | undefined;
  /** Minutes that the run waits where no server answers. @default the pipeline's, or 10 */
  readonly outageMinutes?: number | undefined;
  /** Where journals live. @default ".rota" */
  readonly stateDirectory?: string | undefined;
  /** Starts over; the journal of the earlier run is set aside. @default false */
  readonly fresh?: boolean | undefined;
  /** Tries failed rows, groups and steps over the run again. @default false */
  readonly retryErrors?: boolean | undefined;
  /** What becomes of calls that a killed process left open. @default "resend" */
  readonly onUncertain?: "resend" | "skip" | undefined;
  /**
   * True when the keys lead to a simulator: everything written says so, and no journal is shared
   * with real runs. @default false
   */
  readonly simulated?: boolean | undefined;
  /** Told of each event as it happens, synchronously. `Run.events` gives the same ones in a loop. */
  readonly onEvent?: OnEvent | undefined;
  /** Aborting it stops the run, as `Run.stop` does. */
  readonly signal?: AbortSignal | undefined;
  /**
   * The folder in which the runs of this machine share what their limit groups grant; false keeps
   * the limits to this run. @default the user's folder for state, or ROTA_LIMITS_DIR; with a `clock`
   * of one's own: false
   */
  readonly limitsDirectory?: string | false | undefined;
  /** What sends requests. @default OpenAI's API over HTTP, at the keys' endpoints */
  readonly provider?: Provider | undefined;
  /** @default the system's */
  readonly clock?: Clock | undefined;
  /** Chance, for jitter and choices by lot. @default the system's */
  readonly random?: Random | undefined;
}

/** Settings of a run with nothing left open. */
export interface RunSettings {
  readonly rowRange: RowRange;
  readonly concurrency: number;
  /** Infinity for no bound. */
  readonly budgetUsd: number;
  readonly maxErrorRate: number;
  readonly maxWaitMs: number;
  readonly outageMs: number;
  readonly stateDirectory: string;
  readonly fresh: boolean;
  readonly retryErrors: boolean;
  readonly onUncertain: "resend" | "skip";
  readonly simulated: boolean;
  readonly limitsDirectory: string | false;
  readonly clock: Clock;
  readonly random: Random;
}

/** The one place where what was left out is decided. */
export function settleOptions(
  options: RunOptions,
  { limits }: Pick<Pipeline, "limits">,
): RunSettings {
  return {
    rowRange: options.rowRange ?? ALL_ROWS,
    concurrency: options.concurrency ?? limits.concurrency,
    budgetUsd: options.budgetUsd ?? limits.budgetUsd ?? Infinity,
    maxErrorRate: options.maxErrorRate ?? limits.maxErrorRate,
    maxWaitMs: toMs(options.maxWaitMinutes) ?? limits.maxWaitMs,
    outageMs: toMs(options.outageMinutes) ?? limits.outageMs,
    stateDirectory: options.stateDirectory ?? ".rota",
    fresh: options.fresh ?? false,
    retryErrors: options.retryErrors ?? false,
    onUncertain: options.onUncertain ?? "resend",
    simulated: options.simulated ?? false,
    limitsDirectory: options.limitsDirectory ?? (options.clock ? false : locateLimits(process.env)),
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
  };
}

function toMs(minutes: number | undefined): number | undefined {
  return minutes === undefined ? undefined : minutes * 60_000;
}
