import type { RotaErrorKind, RunSummary } from "@rota/core";
import { countRowsLeft } from "../summary/count-rows-left.ts";

/** How `rota` ends. Scripts depend on these numbers. */
export const EXIT_CODE = {
  success: 0,
  /** More rows failed than tolerated. */
  rowsFailed: 1,
  /** A mistake in the pipeline, the input or the options. Nothing was sent. */
  userMistake: 2,
  /** Stopped by the budget. Resumable. */
  budget: 3,
  /** No usable key left, or this machine is refused. Resumable. */
  noUsableKey: 4,
  /** No server answered for as long as the run waits. Resumable. */
  outage: 5,
  /** Limits would keep the run waiting for longer than it may wait. Resumable. */
  limits: 6,
  /** Every call was refused in the same words: a fault of the pipeline or the key file. Resumable. */
  refusedAlike: 7,
  /** Our bug: EX_SOFTWARE of sysexits.h. */
  bug: 70,
  /**
   * The disk did not take or give what it should, or stdout did not take what was asked for: EX_IOERR
   * of sysexits.h. Resumable.
   */
  storage: 74,
  /** 128 and the number of SIGINT, as shells count. Resumable. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT_CODE)[keyof typeof EXIT_CODE];

/**
 * How a run ends. Success is promised only when every row is accounted for: one that is not would
 * be our bug.
 */
export function exitCodeForSummary(summary: RunSummary): ExitCode {
  const { status } = summary;
  const hasEnded = status === "completed" || status === "failed";
  if (hasEnded && countRowsLeft(summary) !== 0) return EXIT_CODE.bug;
  return EXIT_CODE_BY_STATUS[status];
}

const EXIT_CODE_BY_STATUS = {
  completed: EXIT_CODE.success,
  failed: EXIT_CODE.rowsFailed,
  budget: EXIT_CODE.budget,
  "no-usable-key": EXIT_CODE.noUsableKey,
  environment: EXIT_CODE.noUsableKey,
  outage: EXIT_CODE.outage,
  limits: EXIT_CODE.limits,
  "refused-alike": EXIT_CODE.refusedAlike,
  interrupted: EXIT_CODE.interrupted,
} as const satisfies Record<RunSummary["status"], ExitCode>;

export const EXIT_CODE_BY_ERROR_KIND = {
  user: EXIT_CODE.userMistake,
  provider: EXIT_CODE.noUsableKey,
  storage: EXIT_CODE.storage,
  bug: EXIT_CODE.bug,
} as const satisfies Record<RotaErrorKind, ExitCode>;
