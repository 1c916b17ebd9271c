import { escapeMarkdown, tameMarkdown } from "../template/markdown-text.ts";
import type {
  FinishedGroup,
  FinishedRow,
  FinishedStep,
  FinishedSteps,
} from "../vocabulary/finished.ts";
import type { ReportRun } from "./report-data.ts";

/** More failures than this are read in the table of results, not in a report. */
export const MAX_LISTED_ROWS = 50;

/** More groups than this are read in a table of groups. */
const MAX_LISTED_GROUPS = 50;

/** A row's error may quote a whole reply. UTF-16 units. */
const MAX_ERROR_LENGTH = 300;

/**
 * The report of a pipeline without a template: what the steps over the run and over groups wrote,
 * then counts, keys, and rows without a result.
 * @param content.listedRows rows without a result, at most `MAX_LISTED_ROWS` of them
 */
export function writeDefaultReport(
  run: ReportRun,
  content: {
    readonly steps: FinishedSteps;
    readonly groups: readonly FinishedGroup[];
    readonly listedRows: readonly FinishedRow[];
  },
): string {
  const sections = [
    `# ${escapeMarkdown(run.name)}`,
    ...writeNotices(run),
    ...Object.entries(content.steps).map(([id, step]) =>
      [`## ${escapeMarkdown(id)}`, writeReply(step)].join("\n\n"),
    ),
    ...writeGroups(content.groups),
    `## Rows\n\n${writeRowCounts(run)}`,
    ...writeRows(run, content.listedRows),
    `## What it took\n\n${writeEffort(run)}`,
    `## Keys\n\n${writeKeys(run)}`,
  ];
  return `${sections.join("\n\n")}\n`;
}

function writeReply({ output, text, status }: FinishedStep): string {
  return output === null ? `This step is ${status}.` : tameMarkdown(text);
}

/** Step by step, what was written about each group. */
function writeGroups(groups: readonly FinishedGroup[]): string[] {
  const ids = [...new Set(groups.flatMap(({ steps }) => Object.keys(steps)))];
  return ids.flatMap((id) => {
    const written = groups.flatMap(({ key, steps: { [id]: step } }) => (step ? { key, step } : []));
    const listed = written.slice(0, MAX_LISTED_GROUPS);
    const further = written.length - listed.length;
    return [
      `## ${escapeMarkdown(id)}`,
      ...listed.flatMap(({ key, step }) => [`### ${escapeMarkdown(key)}`, writeReply(step)]),
      ...(further > 0 ? [`And ${formatCount(further)} more groups.`] : []),
    ];
  });
}

function writeNotices({ simulated, message }: ReportRun): string[] {
  const notices: string[] = [];
  if (simulated) {
    notices.push(
      "> [!IMPORTANT]\n> **Simulated run.** No model was asked: replies, tokens and costs are made up.",
    );
  }
  if (message !== null) notices.push(`> [!WARNING]\n> ${escapeMarkdown(message)}`);
  return notices;
}

function writeRowCounts({ rows }: ReportRun): string {
  const { total, done, failed, skipped, uncertain } = rows;
  const counts = [total, done, failed, skipped, uncertain].map(formatCount);
  return writeTable(["Total:", "Done:", "Failed:", "Skipped:", "Uncertain:"], [counts]);
}

function writeRows({ rows }: ReportRun, listed: readonly FinishedRow[]): string[] {
  if (listed.length === 0) return [];
  const table = writeTable(
    ["Line:", "Row", "Reason"],
    listed.map(({ line, id, error, status }) => [
      String(line),
      escapeMarkdown(id),
      escapeMarkdown(shorten(error || status)),
    ]),
  );
  const further = rows.failed + rows.uncertain - listed.length;
  const rest = further > 0 ? `\n\nAnd ${formatCount(further)} more.` : "";
  return [`## Rows without a result\n\n${table}${rest}`];
}

function writeEffort({ calls, tokens, costUsd, unpricedCalls, ...run }: ReportRun): string {
  const { maxFurtherCostUsd } = run;
  const further =
    maxFurtherCostUsd > 0 ? `, and up to \\$${maxFurtherCostUsd.toFixed(4)} more` : "";
  const cost = costUsd === null ? "not known" : `\\$${costUsd.toFixed(4)}${further}`;
  const unpriced =
    costUsd !== null && unpricedCalls > 0
      ? `, and ${formatCount(unpricedCalls)} calls at prices not known`
      : "";
  return writeTable(
    ["", ""],
    [
      ["Cost", cost + unpriced],
      [
        "Tokens",
        `${formatCount(tokens.input)} in (${formatCount(tokens.cached)} cached), ${formatCount(tokens.output)} out`,
      ],
      [
        "Calls",
        `${formatCount(calls.sent)} sent, ${formatCount(calls.succeeded)} succeeded, ${formatCount(calls.throttled)} throttled, ${formatCount(calls.retried)} retried`,
      ],
      ["Began", `${run.startedAt.slice(0, 16).replace("T", " ")} UTC`],
      ["Took", formatDuration(run.durationSeconds)],
      ["Run", escapeMarkdown(run.id)],
    ],
  );
}

function writeKeys({ keys }: ReportRun): string {
  return writeTable(
    ["Key", "Limit group", "Sent:", "Succeeded:", "Throttled:", "Health"],
    keys.map(({ name, limitGroup, sent, succeeded, throttled, health, reason }) => [
      escapeMarkdown(name),
      escapeMarkdown(limitGroup),
      ...[sent, succeeded, throttled].map(formatCount),
      reason === "" ? health : `${health}: ${escapeMarkdown(shorten(reason))}`,
    ]),
  );
}

/** @param head a colon behind a name sets its column flush right; cells must be Markdown already */
function writeTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const names = head.map((name) => name.replace(/:$/, ""));
  const rules = head.map((name) => (name.endsWith(":") ? "---:" : ":---"));
  return [names, rules, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}

function formatDuration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function shorten(text: string): string {
  return text.length > MAX_ERROR_LENGTH ? `${text.slice(0, MAX_ERROR_LENGTH)}…` : text;
}
