import { printableLine, type KeyStatus } from "@rota/core";
import type { Palette } from "../terminal/palette.ts";
import {
  formatCount,
  formatCounted,
  formatDuration,
  formatRate,
  formatShare,
} from "../text/format-quantity.ts";
import { padText, textWidth, truncateText } from "../text/text-width.ts";
import { describeCost } from "./describe-cost.ts";
import { paintKeys } from "./paint-keys.ts";
import { paintBar } from "./paint-bar.ts";
import type { Progress } from "./progress-tracker.ts";

export interface Picture {
  /** What is run: the pipeline and its rows, as the user named them. */
  readonly title: string;
  readonly simulated: boolean;
  readonly progress: Progress;
  readonly keys: readonly KeyStatus[];
}

export interface Canvas {
  readonly columns: number;
  readonly rows: number;
  readonly palette: Palette;
}

/** Lines of the block beside those of the keys: title, bar, counts, space, table title, failure. */
const OTHER_LINES = 6;

/** Draws a run as lines, none wider than the canvas and together not higher than it. */
export function paintProgress(picture: Picture, canvas: Canvas): string[] {
  const { palette, columns } = canvas;
  const { progress, keys } = picture;
  const keyLines = Math.max(1, canvas.rows - 1 - OTHER_LINES);
  return [
    paintTitle(picture, canvas),
    paintRows(progress, canvas),
    palette.dim(describeWork(picture, columns)),
    ...(keys.length > 0
      ? ["", ...paintKeys(keys, { columns, palette, maximumKeys: keyLines })]
      : []),
    ...paintNotice(progress, canvas),
  ];
}

function paintTitle({ title, simulated }: Picture, { columns, palette }: Canvas): string {
  const badge = simulated ? "  simulated" : "";
  const shown = truncateText(printableLine(title), columns - badge.length);
  return palette.bold(shown) + palette.yellow(badge);
}

/** Room for the bar is what the words leave. */
function paintRows(progress: Progress, { columns, palette }: Canvas): string {
  const { rowsTotal, rowsEnded, timeLeftMs } = progress;
  if (rowsTotal === undefined) return palette.dim("reading rows …");
  const share = rowsTotal === 0 ? 1 : rowsEnded / rowsTotal;
  const words = [
    `${padText(formatCount(rowsEnded), formatCount(rowsTotal).length, "right")} of ${formatCounted(rowsTotal, "row")}`,
    padText(formatShare(share), 5, "right"),
    ...(columns >= 56 ? [describeTimeLeft(timeLeftMs, share)] : []),
  ].join("  ");
  const width = Math.max(0, Math.min(60, columns - textWidth(words) - 2));
  return `${palette.green(paintBar(share, width))}  ${words.trimEnd()}`;
}

/** Padded, so that the bar does not dance while the words change. */
function describeTimeLeft(timeLeftMs: number | undefined, share: number): string {
  if (share >= 1) return "finishing".padEnd(16);
  const known = timeLeftMs !== undefined && Number.isFinite(timeLeftMs);
  return (known ? `${formatDuration(timeLeftMs)} left` : "").padEnd(16);
}

/** As much as there is room for, the most wanted first. */
function describeWork({ progress, simulated }: Picture, columns: number): string {
  const cost = describeCost(progress);
  const parts = [
    formatDuration(progress.elapsedMs),
    ...(progress.rowsPerSecond === undefined ? [] : [formatRate(progress.rowsPerSecond, "rows")]),
    `${formatCount(progress.rowsFailed)} failed`,
    simulated ? `would cost ${cost}` : cost,
    `${formatCount(progress.callsThrottled)} throttled`,
    formatCounted(progress.callsSent, "call"),
  ];
  while (parts.length > 1 && textWidth(parts.join(" · ")) > columns) parts.pop();
  return truncateText(parts.join(" · "), columns);
}

function paintNotice({ stopping, lastFailure }: Progress, { columns, palette }: Canvas): string[] {
  if (stopping !== undefined) {
    return [palette.yellow(truncateText(`stopping: ${printableLine(stopping)}`, columns))];
  }
  if (!lastFailure) return [];
  const { place, step, message } = lastFailure;
  const text = `${place} failed at ${step}: ${message}`;
  return [palette.dim(truncateText(printableLine(text), columns))];
}
