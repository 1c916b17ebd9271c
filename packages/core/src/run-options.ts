import type { Clock } from "./vocabulary/clock.ts";
import type { KeyRingConfiguration } from "./vocabulary/named-key.ts";
import type { OnEvent } from "./vocabulary/event.ts";
import type { KeyStatus } from "./vocabulary/key-ring.ts";
import type { RowRange } from "./rows/row-range.ts";

/** What a run is asked to do. What is left out comes from the pipeline file, then from defaults. */
export interface RunOptions {
  /** A pipeline or a `.prompt.yml`, as the user names it. */
  readonly pipelineFile: string;
  /** CSV or JSONL, as the user names it. */
  readonly rowsFile: string;
  readonly keys: KeyRingConfiguration;
  /** @default all rows */
  readonly rowRange?: RowRange | undefined;
  /** Instead of the pipeline's table outputs; the ending chooses the format. */
  readonly outputFiles?: readonly string[] | undefined;
  /** Calls in flight at one time. */
  readonly concurrency?: number | undefined;
  readonly budgetUsd?: number | undefined;
  /** Share of rows that may fail, 0 to 1. */
  readonly maxErrorRate?: number | undefined;
  /** Where journals live. @default ".rota" */
  readonly stateDirectory?: string | undefined;
  /** Starts over; the journal of the earlier run is set aside. */
  readonly fresh?: boolean | undefined;
  /** Tries failed rows of a finished or unfinished run again. */
  readonly retryErrors?: boolean | undefined;
  /** What becomes of calls that a killed process left open. @default "resend" */
  readonly onUncertain?: "resend" | "skip" | undefined;
  /** True when the keys lead to a simulator: everything written says so, and no journal is shared with real runs. */
  readonly simulated?: boolean | undefined;
  readonly onEvent?: OnEvent | undefined;
  /** Handed over once, when the run begins: asks how each key stands at the moment. */
  readonly onKeyRing?: ((status: () => readonly KeyStatus[]) => void) | undefined;
  /** Aborting it stops the run: calls in flight may finish for a few seconds, then are cut off. */
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock | undefined;
}
