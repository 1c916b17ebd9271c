import type { CheckReport } from "@rota/core";
import { formatNextSteps, type NextStep } from "../../summary/format-next-steps.ts";
import { rephraseCommand } from "../../summary/rephrase-command.ts";
import type { Palette } from "../../terminal/palette.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { alignColumns } from "../../text/align-columns.ts";
import { formatCounted } from "../../text/format-quantity.ts";
import { printableLine, printableText } from "../../text/printable-text.ts";

/** A prompt can be long: this many lines of each message show what it is like. */
const SHOWN_LINES = 12;

/** What a run would do, for people. */
export function formatCheckReport(
  report: CheckReport,
  context: { readonly terminal: Terminal; readonly rowsFile: string | undefined },
): string {
  const { terminal, rowsFile } = context;
  const { palette } = terminal.stderr;
  const blocks = [
    `${palette.green("✔")} ${palette.bold(printableLine(report.pipeline))} is in order`,
    formatFacts(report, rowsFile, palette),
    ...report.preview.map((step) => formatPreview(step, palette)),
    formatNextSteps([suggestNextStep(report, terminal)], palette),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function formatFacts(
  { steps, rows, keys, outputs }: CheckReport,
  rowsFile: string | undefined,
  palette: Palette,
): string {
  const { lines } = alignColumns(
    ["step", "per", "model"].map((title) => ({ title, align: "left" as const })),
    steps.map(({ id, per, model }) => [id, `per ${per}`, model].map(printableLine)),
  );
  const facts: [string, string][] = [
    ["steps", lines.join(`\n${" ".repeat(10)}`)],
    ...(rows
      ? ([
          [
            "rows",
            `${formatCounted(rows.count, "row")} in ${rowsFile}: ${rows.columns.join(", ")}`,
          ],
          [
            "calls",
            `${formatCounted(countCalls(steps, rows.count), "call")} at most, retries apart`,
          ],
        ] satisfies [string, string][])
      : []),
    ["keys", keys ? keys.map(describeKey).join(", ") : "none found; the simulator needs none"],
    ["writes", outputs.length > 0 ? outputs.join(", ") : "nothing yet: name files with -o"],
  ];
  return facts
    .map(([name, text]) => `  ${palette.dim(name.padEnd(7))} ${printableText(text)}`)
    .join("\n");
}

function countCalls(steps: CheckReport["steps"], rowCount: number): number {
  return steps.reduce((sum, { per }) => sum + (per === "row" ? rowCount : 1), 0);
}

function describeKey({ name, limitGroup }: { name: string; limitGroup: string }): string {
  return name === limitGroup ? name : `${name} (${limitGroup})`;
}

function formatPreview(
  { step, messages }: CheckReport["preview"][number],
  palette: Palette,
): string {
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
  return [`  ${palette.dim("first row at step")} ${printableLine(step)}`, ...lines].join("\n");
}

function suggestNextStep({ rows, keys }: CheckReport, terminal: Terminal): NextStep {
  const { arguments: typed, environment } = terminal;
  if (!rows) {
    const command = rephraseCommand(typed, environment, { with: ["ROWS.csv"] });
    return { what: "Check it with its rows", command };
  }
  const asRun = ["run", ...typed.slice(1)];
  const simulate = keys ? [] : ["--simulate"];
  const command = rephraseCommand(asRun, environment, { without: ["--json"], with: simulate });
  return { what: keys ? "Run it" : "Try it without a key", command };
}
