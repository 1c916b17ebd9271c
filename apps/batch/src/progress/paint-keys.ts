import { printableLine, type KeyHealth, type KeyStatus } from "@rota/core";
import type { Palette } from "../terminal/palette.ts";
import { alignColumns, type Column } from "../text/align-columns.ts";
import { formatCount, formatShare } from "../text/format-quantity.ts";
import { textWidth, truncateText } from "../text/text-width.ts";
import { paintBar } from "./paint-bar.ts";

interface KeyColumn extends Column {
  readonly show: (key: KeyStatus) => string;
  /** Where there is no room for all columns, the largest goes first; 0 always stays. */
  readonly goes: number;
}

const NAME_WIDTH = 24;
const LOAD_WIDTH = 10;
/** What a key in trouble needs to say what the matter is. */
const REASON_WIDTH = 24;

const COLUMNS: readonly KeyColumn[] = [
  { title: "key", align: "left", goes: 0, show: (key) => shorten(key.name) },
  { title: "limit group", align: "left", goes: 5, show: (key) => shorten(key.limitGroup) },
  { title: "load", align: "left", goes: 2, show: showLoad },
  { title: "in flight", align: "right", goes: 4, show: (key) => formatCount(key.inFlight) },
  { title: "sent", align: "right", goes: 1, show: (key) => formatCount(key.sent) },
  { title: "throttled", align: "right", goes: 3, show: (key) => formatCount(key.throttled) },
  { title: "pace", align: "right", goes: 6, show: showPace },
];

/**
 * Draws a line for each key under a title line. Where there are more keys than lines, those that
 * are in trouble or busiest are shown, in their own order, and the rest is counted.
 */
export function paintKeys(
  keys: readonly KeyStatus[],
  options: { readonly columns: number; readonly palette: Palette; readonly maximumKeys: number },
): string[] {
  const { columns, palette, maximumKeys } = options;
  const shown = keys.length > maximumKeys ? chooseKeys(keys, maximumKeys - 1) : keys;
  const reasonWidth = shown.some(({ health }) => health !== "ready") ? REASON_WIDTH : 0;
  const table = fitTable(shown, columns - 2 - reasonWidth);
  const lines = shown.map((key, index) => {
    const numbers = truncateText(table.lines[index] ?? "", columns - 2);
    const room = columns - textWidth(numbers) - 4;
    const { sign, color } = SIGNS[key.health];
    return `${palette[color](sign)} ${numbers}${paintReason(key, room, palette)}`;
  });
  const more = keys.length - shown.length;
  return [
    palette.dim(`  ${truncateText(table.title, columns - 2)}`),
    ...lines,
    ...(more > 0 ? [palette.dim(`  … and ${formatCount(more)} more`)] : []),
  ];
}

/** The table with as many columns as there is room for. */
function fitTable(keys: readonly KeyStatus[], width: number) {
  const setTable = (leastWanted: number) => {
    const used = COLUMNS.filter(({ goes }) => goes <= leastWanted);
    return alignColumns(
      used,
      keys.map((key) => used.map(({ show }) => show(key))),
    );
  };
  let leastWanted = COLUMNS.length - 1;
  let table = setTable(leastWanted);
  while (leastWanted > 0 && Math.max(...[table.title, ...table.lines].map(textWidth)) > width) {
    table = setTable(--leastWanted);
  }
  return table;
}

const SIGNS = {
  ready: { sign: "●", color: "green" },
  out: { sign: "◌", color: "yellow" },
  held: { sign: "◐", color: "yellow" },
  suspended: { sign: "○", color: "red" },
  revoked: { sign: "✕", color: "red" },
} as const satisfies Record<KeyHealth, { sign: string; color: keyof Palette }>;

function paintReason({ health, reason }: KeyStatus, room: number, palette: Palette): string {
  if (health === "ready" || room <= 0) return "";
  const text = reason === undefined ? health : `${health}: ${printableLine(reason)}`;
  return `  ${palette[SIGNS[health].color](truncateText(text, room))}`;
}

function chooseKeys(keys: readonly KeyStatus[], count: number): readonly KeyStatus[] {
  const chosen = new Set(keys.toSorted(byInterest).slice(0, count));
  return keys.filter((key) => chosen.has(key));
}

function byInterest(a: KeyStatus, b: KeyStatus): number {
  const trouble = Number(b.health !== "ready") - Number(a.health !== "ready");
  return trouble || b.inFlight - a.inFlight;
}

function shorten(name: string): string {
  return truncateText(printableLine(name), NAME_WIDTH);
}

function showLoad({ load }: KeyStatus): string {
  if (load === undefined) return "·".repeat(LOAD_WIDTH);
  return `${paintBar(load, LOAD_WIDTH)} ${formatShare(load).padStart(5)}`;
}

function showPace({ requestsPerMinute }: KeyStatus): string {
  return requestsPerMinute === undefined ? "" : `${formatCount(Math.round(requestsPerMinute))}/min`;
}
