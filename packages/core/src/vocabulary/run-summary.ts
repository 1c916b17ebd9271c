import type { SubjectCounts } from "./journal.ts";
import type { KeyStatus } from "./key-ring.ts";
import type { StopReason } from "./event.ts";

/** How a run stands when the process that ran it ends. */
export interface RunSummary {
  readonly runId: string;
  readonly pipeline: string;
  readonly simulated: boolean;
  /** `completed`: every row is accounted for. `failed`: so, but more rows failed than tolerated. */
  readonly status: "completed" | "failed" | StopReason;
  /** Why the run stopped, or failed; for people. */
  readonly message: string | undefined;
  /** Of the whole run, over all processes. `total` minus the others is left to do. */
  readonly rows: SubjectCounts;
  /** Groups that were gone through; undefined for a pipeline without steps over groups. */
  readonly groups: SubjectCounts | undefined;
  /** Of this process. */
  readonly calls: {
    readonly sent: number;
    readonly succeeded: number;
    readonly throttled: number;
    readonly retried: number;
    /** Calls that an earlier process had left open, sent again. */
    readonly resent: number;
    /** Replies that held a secret of a key, which was masked. */
    readonly masked: number;
  };
  /** Of the whole run. */
  readonly tokens: { readonly input: number; readonly output: number; readonly cached: number };
  /** Of the whole run; undefined when no call's price is known. */
  readonly costUsd: number | undefined;
  /**
   * The most that the run may have cost besides, in US dollars: for calls that were sent, and whose
   * cost is not known. Of the whole run.
   */
  readonly maxFurtherCostUsd: number;
  /** Calls that were paid for at a price not known here. */
  readonly unpricedCalls: number;
  readonly durationMs: number;
  readonly keys: readonly KeyStatus[];
  /** Files written, as named by the user. Empty when the run was stopped. */
  readonly outputs: readonly string[];
  /** Where the journal is kept. */
  readonly stateDirectory: string;
}
