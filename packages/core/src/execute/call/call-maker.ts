import type { CallId, CallResult } from "../../vocabulary/journal.ts";
import type { ModelRequest } from "../../vocabulary/model-request.ts";
import type { StepOutput } from "../../pipeline/pipeline.ts";

/** A call that is to be made. */
export interface PlannedCall {
  readonly id: CallId;
  readonly request: ModelRequest;
  readonly output: StepOutput;
  /** Sends by earlier processes of which nothing is known. */
  readonly unanswered: number;
}

/** Port: takes a call from its request to its result, wherever the reply comes from. */
export interface CallMaker {
  /**
   * Makes the call once, in all that this takes. The result is the caller's to record.
   * @throws RunStopped when the run stops first: the call stays open in the journal.
   * @throws StorageError
   */
  make(call: PlannedCall): Promise<CallResult>;
}
