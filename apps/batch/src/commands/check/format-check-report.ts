import { printableLine, printableText, type CheckReport, type Problem } from "@rota/core";
import { formatNextSteps, type NextStep } from "../../summary/format-next-steps.ts";
import { rephraseCommand } from "../../summary/rephrase-command.ts";
import type { Palette } from "../../terminal/palette.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { alignColumns } from "../../text/align-columns.ts";
import { formatCount, formatCounted } from "../../text/format-quantity.ts";

/** A prompt can be long: this many lines of each message show what it is like. */
const SHOWN_LINES = 12;

/** A check that found nothing wrong. */
export interface Finding extends CheckReport {
  readonly warnings: readonly Problem[];
  readonly missingSecrets: readonly Problem[];
}

/** What a run would do, for people. */
export function formatCheckReport(finding: Finding, terminal: Terminal): string {
  const { palette } = terminal.stderr;
  const blocks = [
    `${palette.green("✔")} ${palette.bold(printableLine(finding.pipeline))} is in order`,
    formatFacts(finding, palette),
    ...finding.preview.map((step) => formatPreview(step, palette)),
    formatNextSteps([suggestNextStep(finding, terminal)], palette),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function formatFacts(finding: Finding, palette: Palette): string {
  const { steps, rows, keys, outputs, missingSecrets, warnings } = finding;
  const { lines } = alignColumns(
    ["step", "per", "model"].map((title) => ({ title, align: "left" as const })),
    steps.map(({ id, per, model, groups }) => [
      id,
      groups === undefined ? `per ${per}` : `per ${per}, ${formatCounted(groups, "group")}`,
      model,
    ]),
  );
  const facts: Record<string, readonly string[]> = {
    steps: lines,
    rows: rows ? [`${formatCounted(rows.count, "row")}: ${rows.columns.join(", ")}`] : [],
    calls: rows ? [`${formatCount(countCalls(steps, rows.count))} at most, retries apart`] : [],
    keys: keys ? [keys.map(describeKey).join(", ")] : ["none found; the simulator needs none"],
    missing: missingSecrets.map(({ file, message }) => `${file}: ${message}`),
    writes: [outputs.join(", ")],
    warning: warnings.map(({ file, message, remedy }) => `${file}: ${message}\n-> ${remedy}`),
  };
  return Object.entries(facts)
    .flatMap(([name, texts]) =>
      texts.map((text, index) => {
        const margin = (index === 0 ? name : "").padEnd(7);
        return `  ${palette.dim(margin)} ${printableText(text)}`;
      }),
    )
    .join("\n");
}

function countCalls(steps: CheckReport["steps"], rowCount: number): number {
  // Groups that follow from replies are no more than there are rows.
  const most = { row: () => rowCount, group: (groups = rowCount) => groups, run: () => 1 };
  return steps.reduce((sum, { per, groups }) => sum + most[per](groups), 0);
}

function describeKey({ name, limitGroup }: { name: string; limitGroup: string }): string {
  return name === limitGroup ? name : `${name} (${limitGroup})`;
}

function formatPreview(
  { step, messages, error }: CheckReport["preview"][number],
  palette: Palette,
): string {
  const title = `  ${palette.dim("first row at step")} ${printableLine(step)}`;
  if (error !== undefined) return `${title} ${palette.yellow("fails")}: ${printableLine(error)}`;
  const lines = messages.flatMap(({ role, content }) => {
    const all = printableText(content.trimEnd()).split("\n");
    const more = all.length - SHOWN_LINES;
    const shown =
      more > 1 ? [...all.slice(0, SHOWN_LINES), palette.dim(`… ${more} more lines`)] : all;
    return shown.map((line, index) => {
      const margin = (index === 0 ? role : "").padEnd(9);
      return `    ${palette.cyan(margin)} ${palette.dim("│")} ${line}`;
    });
  });
  return [title, ...lines].join("\n");
}

function suggestNextStep({ rows, keys, missingSecrets }: Finding, terminal: Terminal): NextStep {
  const { arguments: typed, environment } = terminal;
  if (!rows) {
    const command = rephraseCommand(typed, environment, { with: ["ROWS.csv"] });
    return { what: "Check it with its rows", command };
  }
  const canRun = keys !== undefined && missingSecrets.length === 0;
  const command = rephraseCommand(["run", ...typed.slice(1)], environment, {
    without: ["--json"],
    with: canRun ? [] : ["--simulate"],
  });
  return { what: canRun ? "Run it" : "Try it on the simulator", command };
}
