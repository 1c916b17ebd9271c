import { escapeMarkdown, printableLine, type RunSummary } from "@rota/core";
import { MAX_SUMMARY_BYTES, type WrittenReport } from "./read-reports.ts";
import { shortenText } from "./shorten-text.ts";
import type { Failures, ShownFailure } from "./watch-run.ts";

/**
 * The step's summary: how the run ended, its keys, the rows and groups that failed, and then the reports as
 * they were written. The reports come last and are cut when they are too long for a summary.
 */
export function writeSummary(
  summary: RunSummary,
  failures: Failures,
  reports: readonly WrittenReport[],
): string {
  const { status, pipeline, message } = summary;
  const ofRows = failures.rows.map((failed) => [failed.line, failed] as const);
  const ofGroups = failures.groups.map((failed) => [failed.key, failed] as const);
  const sections = [
    `## ${status === "completed" ? "✅" : "❌"} ${show(pipeline)}: ${status}`,
    ...(message === undefined ? [] : [show(message)]),
    countRows(summary),
    "### Keys",
    listKeys(summary),
    ...listFailed("rows", "Line", summary.rows.failed, ofRows),
    ...listFailed("groups", "Group", summary.groups?.failed ?? 0, ofGroups),
  ];
  return joinReports(`${sections.join("\n\n")}\n`, reports);
}

function countRows({
  rows,
  groups,
  calls,
  tokens,
  costUsd,
  maxFurtherCostUsd,
  durationMs,
}: RunSummary): string {
  const { total, done, failed, skipped, uncertain } = rows;
  const ofGroups = groups && [
    groups.total,
    groups.done,
    groups.failed,
    groups.skipped,
    groups.uncertain,
  ];
  const further = maxFurtherCostUsd > 0 ? `, and up to $${maxFurtherCostUsd.toFixed(4)} more` : "";
  const cost = costUsd === undefined ? "unknown" : `$${costUsd.toFixed(4)}${further}`;
  const time = `${(durationMs / 1000).toFixed(1)} s`;
  const tokenCount = tokens.input + tokens.output;
  const rowTable = toTable(
    ["Rows", "Done", "Failed", "Skipped", "Uncertain", "Calls", "Tokens", "Cost", "Time"],
    [[total, done, failed, skipped, uncertain, calls.sent, tokenCount, cost, time]],
  );
  const groupTable =
    ofGroups && toTable(["Groups", "Done", "Failed", "Skipped", "Uncertain"], [ofGroups]);
  return groupTable === undefined ? rowTable : `${rowTable}\n\n${groupTable}`;
}

function listKeys({ keys }: RunSummary): string {
  return toTable(
    ["Key", "Limit group", "Sent", "Succeeded", "Throttled", "Health"],
    keys.map(({ name, limitGroup, sent, succeeded, throttled, health, reason }) => {
      const state = reason === undefined ? health : `${health}: ${reason}`;
      return [name, limitGroup, sent, succeeded, throttled, state];
    }),
  );
}

/** The first of them, and how many more there are. */
function listFailed(
  what: "rows" | "groups",
  place: string,
  failed: number,
  shown: readonly (readonly [place: string | number, failure: ShownFailure])[],
): string[] {
  if (shown.length === 0) return [];
  const table = toTable(
    [place, "Step", "Error"],
    shown.map(([where, { step, code, message }]) => [where, step, `${code}: ${message}`]),
  );
  const rest = failed - shown.length;
  return [
    `### Failed ${what}`,
    table,
    ...(rest > 0 ? [`… and ${rest} more, in the outputs.`] : []),
  ];
}

function toTable(
  titles: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const toLine = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell) => show(String(cell))).join(" | ")} |`;
  return [toLine(titles), `|${" --- |".repeat(titles.length)}`, ...rows.map(toLine)].join("\n");
}

/** Foreign text as Markdown that does nothing. */
function show(text: string): string {
  return escapeMarkdown(printableLine(shortenText(text)));
}

/**
 * Reports come as they are: what is foreign in them was made harmless when they were written. The
 * word about a cut stands before them, as a cut may leave a block of code open.
 */
function joinReports(head: string, reports: readonly WrittenReport[]): string {
  if (reports.length === 0) return head;
  const bodies = reports.flatMap(({ beginning }) => [Buffer.from("\n"), beginning]);
  const body = Buffer.concat(bodies);
  if (Buffer.byteLength(head) + body.length <= MAX_SUMMARY_BYTES) return head + body.toString();
  const files = reports.map(({ file }) => show(file)).join(", ");
  const opening = `${head}\n> Cut below, as it is too long for a summary. The whole is in ${files}.\n`;
  const room = MAX_SUMMARY_BYTES - Buffer.byteLength(opening);
  return `${opening}${body
    .subarray(0, room)
    .toString()
    .replace(/[^\n]*$/, "")}`;
}
