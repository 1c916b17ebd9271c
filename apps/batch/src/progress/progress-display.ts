import type { KeyStatus, RunEvent } from "@rota/core";
import type { Terminal } from "../terminal/terminal.ts";
import { LiveDisplay } from "./live-display.ts";
import { PlainDisplay } from "./plain-display.ts";
import type { ProgressMode } from "./progress-mode.ts";
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

export function openProgressDisplay(
  mode: ProgressMode,
  source: DisplaySource,
  terminal: Terminal,
): ProgressDisplay {
  if (mode === "none") return SILENT_DISPLAY;
  return mode === "auto" && terminal.stderr.isInteractive
    ? new LiveDisplay(source, terminal)
    : new PlainDisplay(source, terminal);
}

const SILENT_DISPLAY: ProgressDisplay = { handle: () => {}, note: () => {}, close: () => {} };
