import type { KeyStatus, RunEvent } from "@rota/core";
import type { ProgressTracker } from "./progress-tracker.ts";

/** What people see of a run while it lasts. */
export interface ProgressDisplay {
  /** Says at once what cannot wait; counting is the tracker's. */
  handle(event: RunEvent): void;
  /** Says a line of our own, between the progress. */
  note(text: string): void;
  /** Takes away what is only of the moment. Safe to call twice. */
  close(): void;
}

export interface DisplaySource {
  readonly title: string;
  readonly simulated: boolean;
  readonly tracker: ProgressTracker;
  readonly keys: () => readonly KeyStatus[];
}
