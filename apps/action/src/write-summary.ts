import { escapeMarkdown, formatProblem, type ProblemsError, type RunSummary } from "@rota/core";
import type { FailedRow } from "./watch-run.ts";

/** GitHub refuses a step's summary above 1 MiB; a rest is left for what comes around it. */
const LARGEST_SUMMARY_BYTES = 1_000_000;

/** The step's summary: how the run ended, its keys, the rows that failed, and its report. */
export function writeSummary(
  summary: RunSummary,
  failedRows: readonly FailedRow[],
  reports: readonly string[],
): string {
  const { rows, calls, tokens, costUsd, durationMs } = summary;
  const sections = [
    `## ${summary.status === "completed" ? "✅" : "❌"} ${escapeMarkdown(summary.pipeline)}: ${summary.status}`,
    summary.message === undefined ? "" : escapeMarkdown(summary.message),
    toTable(
      ["Rows", "Done", "Failed", "Skipped", "Uncertain", "Calls", "Tokens", "Cost", "Time"],
      [
        [
          rows.total,
          rows.done,
          rows.failed,
          rows.skipped,
          rows.uncertain,
          calls.sent,
          tokens.input + tokens.output,
          costUsd === undefined ? "unknown" : `$${costUsd.toFixed(4)}`,
          `${(durationMs / 1000).toFixed(1)} s`,
        ],
      ],
    ),
    "### Keys",
    toTable(
      ["Key", "Limit group", "Sent", "Succeeded", "Throttled", "Health"],
      summary.keys.map((key) => [
        key.name,
        key.limitGroup,
        key.sent,
        key.succeeded,
        key.throttled,
        key.reason === undefined ? key.health : `${key.health}: ${key.reason}`,
      ]),
    ),
    ...describeFailedRows(failedRows, rows.failed),
    ...reports,
  ];
  return cut(`${sections.filter((section) => section !== "").join("\n\n")}\n`);
}

/** The step's summary when the run could not begin. */
export function writeProblems({ problems }: ProblemsError): string {
  const texts = problems.map((problem) => {
    const text = formatProblem(problem);
    const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
    const fence = "`".repeat(longest + 1);
    return `${fence}text\n${text}\n${fence}`;
  });
  const count = problems.length === 1 ? "one problem" : `${problems.length} problems`;
  return cut(`## ❌ ${count}; nothing was sent\n\n${texts.join("\n\n")}\n`);
}

function describeFailedRows(failedRows: readonly FailedRow[], failed: number): string[] {
  if (failedRows.length === 0) return [];
  const rest = failed - failedRows.length;
  return [
    "### Failed rows",
    toTable(
      ["Line", "Step", "Error"],
      failedRows.map(({ line, step, code, message }) => [line, step, `${code}: ${message}`]),
    ),
    rest > 0 ? `… and ${rest} more, in the outputs.` : "",
  ];
}

function toTable(
  titles: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const toLine = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell) => escapeMarkdown(String(cell))).join(" | ")} |`;
  return [toLine(titles), `|${" --- |".repeat(titles.length)}`, ...rows.map(toLine)].join("\n");
}

function cut(markdown: string): string {
  const bytes = Buffer.from(markdown);
  if (bytes.length <= LARGEST_SUMMARY_BYTES) return markdown;
  const kept = bytes
    .subarray(0, LARGEST_SUMMARY_BYTES)
    .toString("utf8")
    .replace(/[^\n]*$/, "");
  return `${kept}\n\n… cut here: the whole of it is in the files that were written.\n`;
}
