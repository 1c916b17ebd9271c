import { printableLine, type RunSummary } from "@rota/core";
import type { FailedSubject } from "../progress/progress-tracker.ts";
import type { Palette } from "../terminal/palette.ts";
import {
  formatCount,
  formatCounted,
  formatDuration,
  formatRate,
  formatUsd,
} from "../text/format-quantity.ts";
import { padText, textWidth } from "../text/text-width.ts";
import { countRowsLeft } from "./count-rows-left.ts";
import { formatNextSteps, type NextStep } from "./format-next-steps.ts";
import { paintKeyTable } from "./paint-key-table.ts";

export interface SummaryContext {
  /** The first failed rows of this process. */
  readonly failures: readonly FailedSubject[];
  /** Rows that this process ended: what it was fast with. */
  readonly rowsEnded: number;
  readonly nextSteps: readonly NextStep[];
  readonly palette: Palette;
  /** Tables are cut to this; infinite where nothing needs to be. */
  readonly columns: number;
}

/** What a run did, for people: headline, numbers, keys, failures, files, and what to do next. */
export function formatSummary(summary: RunSummary, context: SummaryContext): string {
  const blocks = [
    formatHeadline(summary, context.palette),
    formatNumbers(summary, context),
    paintKeyTable(summary.keys, context),
    formatFailures(summary, context),
    formatFiles(summary, context.palette),
    formatNextSteps(context.nextSteps, context.palette),
  ];
  return `\n${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function formatHeadline(summary: RunSummary, palette: Palette): string {
  const { rows, pipeline, status, simulated, message } = summary;
  const { sign, color, words } = HEADLINES[status];
  const total = formatCounted(rows.total, "row");
  const left = countRowsLeft(summary);
  const scope = left > 0 ? `${formatCount(rows.total - left)} of ${total}` : total;
  const name = palette.bold(printableLine(pipeline));
  const badge = simulated ? palette.yellow("  simulated") : "";
  const reason =
    message === undefined || status === "interrupted" ? "" : `\n  ${printableLine(message)}`;
  return `${palette[color](sign)} ${name}: ${words}, ${scope}${badge}${reason}`;
}

const HEADLINES = {
  completed: { sign: "✔", color: "green", words: "done" },
  failed: { sign: "✖", color: "red", words: "failed" },
  interrupted: { sign: "■", color: "yellow", words: "interrupted" },
  budget: { sign: "■", color: "yellow", words: "stopped by the budget" },
  "no-usable-key": { sign: "■", color: "yellow", words: "stopped without a usable key" },
  outage: { sign: "■", color: "yellow", words: "stopped, as no server answers" },
  limits: {
    sign: "■",
    color: "yellow",
    words: "stopped, as limits would keep it waiting too long",
  },
  "refused-alike": { sign: "■", color: "yellow", words: "stopped, as every call is refused alike" },
  environment: { sign: "■", color: "yellow", words: "stopped, as this machine is refused" },
} as const satisfies Record<
  RunSummary["status"],
  { sign: string; color: keyof Palette; words: string }
>;

function formatNumbers(summary: RunSummary, { palette, rowsEnded }: SummaryContext): string {
  const { rows, calls, durationMs } = summary;
  const { total: _total, ...rowCounts } = rows;
  const seconds = durationMs / 1000;
  const rate = rowsEnded > 0 && seconds > 0 ? [formatRate(rowsEnded / seconds, "rows")] : [];
  const facts = {
    rows: listCounts({ ...rowCounts, left: countRowsLeft(summary) }, "done"),
    ...(summary.groups && { groups: describeGroups(summary.groups) }),
    calls: listCounts({ ...calls }, "sent", "succeeded", "throttled"),
    tokens: describeTokens(summary),
    cost: describeCost(summary),
    time: [formatDuration(durationMs), ...rate].join(" · "),
  };
  return Object.entries(facts)
    .map(([name, text]) => `  ${palette.dim(name.padEnd(7))} ${text}`)
    .join("\n");
}

function describeGroups({ total: _total, ...counts }: NonNullable<RunSummary["groups"]>): string {
  return listCounts(counts, "done");
}

function describeTokens({ tokens }: RunSummary): string {
  const cached = tokens.cached > 0 ? ` (${formatCount(tokens.cached)} cached)` : "";
  return `${formatCount(tokens.input)} in${cached} · ${formatCount(tokens.output)} out`;
}

/** `12 done · 3 failed`: those of `always`, and all others that are not zero. */
function listCounts(
  counts: Readonly<Record<string, number>>,
  ...always: readonly string[]
): string {
  return Object.entries(counts)
    .filter(([name, count]) => count > 0 || always.includes(name))
    .map(([name, count]) => `${formatCount(count)} ${name}`)
    .join(" · ");
}

function describeCost(summary: RunSummary): string {
  const { costUsd, maxFurtherCostUsd, unpricedCalls, simulated } = summary;
  const unpriced =
    unpricedCalls > 0
      ? `${formatCounted(unpricedCalls, "call")} at a price not known here`
      : undefined;
  if (costUsd === undefined) return unpriced ?? "nothing";
  const further = maxFurtherCostUsd > 0 ? `, and up to ${formatUsd(maxFurtherCostUsd)} more` : "";
  const cost = simulated
    ? `would have cost ${formatUsd(costUsd)}${further}; nothing was paid`
    : `${formatUsd(costUsd)}${further}`;
  return unpriced === undefined ? cost : `${cost} · plus ${unpriced}`;
}

/** Room for `line 12345`. */
const MIN_PLACE_WIDTH = 10;
/** Places that are wider, such as groups of a long key, push aside only what stands beside them. */
const MAX_PLACE_WIDTH = 40;

function formatFailures(summary: RunSummary, { failures, palette }: SummaryContext): string {
  const { failed } = summary.rows;
  if (failed + (summary.groups?.failed ?? 0) === 0) return "";
  const places = failures.map(({ place }) => printableLine(place));
  const width = Math.min(MAX_PLACE_WIDTH, Math.max(MIN_PLACE_WIDTH, ...places.map(textWidth)));
  const lines = failures.map(
    ({ step, code, message }, index) =>
      `    ${palette.dim(padText(places[index] ?? "", width))} ${printableLine(step)}: ${code}: ${printableLine(message)}`,
  );
  const failedGroups = summary.groups?.failed ?? 0;
  const more = failed + failedGroups - failures.length;
  const counted = [
    ...(failed > 0 ? [formatCounted(failed, "row")] : []),
    ...(failedGroups > 0 ? [formatCounted(failedGroups, "group")] : []),
  ];
  return [
    `  ${palette.red(`${counted.join(" and ")} failed`)}`,
    ...lines,
    ...(more > 0
      ? [palette.dim(`    … ${formatCount(more)} more, each with its reason in the column __error`)]
      : []),
  ].join("\n");
}

function formatFiles({ outputs, simulated }: RunSummary, palette: Palette): string {
  if (outputs.length === 0) return "";
  const mark = simulated ? palette.yellow(" (simulated)") : "";
  return `  ${palette.dim("written")} ${outputs.map(printableLine).join(", ")}${mark}`;
}
