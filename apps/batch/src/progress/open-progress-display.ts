import type { Terminal } from "../terminal/terminal.ts";
import { LiveDisplay } from "./live-display.ts";
import { PlainDisplay } from "./plain-display.ts";
import type { DisplaySource, ProgressDisplay } from "./progress-display.ts";
import type { ProgressMode } from "./progress-mode.ts";

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
