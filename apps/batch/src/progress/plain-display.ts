import { printableLine, type KeyStatus, type RunEvent } from "@rota/core";
import type { Terminal } from "../terminal/terminal.ts";
import {
  formatCount,
  formatCounted,
  formatDuration,
  formatRate,
  formatShare,
} from "../text/format-quantity.ts";
import { describeCost } from "./describe-cost.ts";
import { describeEvent } from "./describe-event.ts";
import type { DisplaySource, ProgressDisplay } from "./progress-display.ts";
import type { Progress } from "./progress-tracker.ts";

/** Often enough to see that it lives, seldom enough for a log that is read afterwards. */
const REPORT_EVERY_MS = 5_000;

/** A line now and then, for logs and pipes. */
export class PlainDisplay implements ProgressDisplay {
  readonly #source: DisplaySource;
  readonly #terminal: Terminal;
  readonly #timer: NodeJS.Timeout;

  constructor(source: DisplaySource, terminal: Terminal) {
    this.#source = source;
    this.#terminal = terminal;
    this.#timer = setInterval(() => this.#report(), REPORT_EVERY_MS);
    this.#timer.unref();
  }

  handle(event: RunEvent): void {
    const text = describeEvent(event);
    if (text !== undefined) this.note(text);
  }

  note(text: string): void {
    const elapsed = formatDuration(this.#source.tracker.read().elapsedMs);
    this.#terminal.stderr.write(`[${elapsed}] ${text}\n`);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #report(): void {
    const progress = this.#source.tracker.read();
    if (progress.rowsTotal === undefined) return;
    this.note([describeProgress(progress), ...describeWaits(this.#source.keys())].join("; "));
  }
}

/** What keys wait for, each reason once: keys of one group or endpoint wait together. */
function describeWaits(keys: readonly KeyStatus[]): string[] {
  const waiting = keys.filter(({ health }) => health === "held" || health === "out");
  return [...new Set(waiting.map(({ reason = "waiting" }) => printableLine(reason)))];
}

/** `120 of 3,000 rows (4 %), 24 rows/s, 2 min 0 s left, 2 failed, $0.0100, 130 calls, 0 throttled` */
function describeProgress(progress: Progress): string {
  const { rowsTotal = 0, rowsEnded, rowsPerSecond, timeLeftMs } = progress;
  const isMoving = timeLeftMs !== undefined && Number.isFinite(timeLeftMs);
  return [
    `${formatCount(rowsEnded)} of ${formatCounted(rowsTotal, "row")} (${formatShare(rowsTotal === 0 ? 1 : rowsEnded / rowsTotal)})`,
    ...(rowsPerSecond === undefined ? [] : [formatRate(rowsPerSecond, "rows")]),
    ...(isMoving ? [`${formatDuration(timeLeftMs)} left`] : []),
    `${formatCount(progress.rowsFailed)} failed`,
    describeCost(progress),
    formatCounted(progress.callsSent, "call"),
    `${formatCount(progress.callsThrottled)} throttled`,
  ].join(", ");
}
