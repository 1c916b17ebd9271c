import type { RotaErrorKind, RunSummary } from "@rota/core";

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
  /** Our bug: EX_SOFTWARE of sysexits.h. */
  bug: 70,
  /** The disk did not take or give what it should: EX_IOERR of sysexits.h. Resumable. */
  storage: 74,
  /** 128 and the number of SIGINT, as shells count. Resumable. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT_CODE)[keyof typeof EXIT_CODE];

export function exitCodeForStatus(status: RunSummary["status"]): ExitCode {
  switch (status) {
    case "completed":
      return EXIT_CODE.success;
    case "failed":
      return EXIT_CODE.rowsFailed;
    case "budget":
      return EXIT_CODE.budget;
    case "no-usable-key":
    case "environment":
      return EXIT_CODE.noUsableKey;
    case "interrupted":
      return EXIT_CODE.interrupted;
  }
}

export function exitCodeForError(kind: RotaErrorKind): ExitCode {
  switch (kind) {
    case "user":
      return EXIT_CODE.userMistake;
    case "provider":
      return EXIT_CODE.noUsableKey;
    case "storage":
      return EXIT_CODE.storage;
    case "bug":
      return EXIT_CODE.bug;
  }
}
