import type { ProgressMode } from "../../progress/progress-mode.ts";
import type { RowRange } from "@rota/core";

/** What becomes of calls that a killed run left open. */
export const ON_UNCERTAIN = ["resend", "skip"] as const;

/** What `rota run` is told beside its files. */
export interface RunFlags {
  readonly output?: readonly string[];
  readonly keys?: string;
  readonly concurrency?: number;
  readonly budgetUsd?: number;
  readonly maxErrorRate?: number;
  readonly rows?: RowRange;
  readonly stateDir?: string;
  readonly fresh?: boolean;
  readonly retryErrors?: boolean;
  readonly onUncertain?: (typeof ON_UNCERTAIN)[number];
  /** A scenario file; the empty text stands for the built-in scenario. */
  readonly simulate?: string;
  readonly envFile?: string;
  readonly progress: ProgressMode;
  readonly json?: boolean;
}
