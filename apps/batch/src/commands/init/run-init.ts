import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { keyFileJsonSchema, pipelineJsonSchema, ProblemsError, printableLine } from "@rota/core";
import { formatNextSteps } from "../../summary/format-next-steps.ts";
import { programWords } from "../../summary/rephrase-command.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { quoteCommand } from "../../text/shell-command.ts";
import { EXIT_CODE, type ExitCode } from "../exit-code.ts";
import { EXAMPLE_FILES } from "./example-files.ts";

/** `rota init`: writes the example, and leaves alone whatever is there already. */
export async function runInit(
  { stderr, environment }: Terminal,
  _flags: object,
  directory = ".",
): Promise<ExitCode> {
  const { palette } = stderr;
  const files = {
    ...EXAMPLE_FILES,
    "pipeline.schema.json": formatJson(pipelineJsonSchema()),
    "rota.keys.schema.json": formatJson(keyFileJsonSchema()),
  };
  reportFailure(directory, () => mkdirSync(directory, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    const file = join(directory, name);
    const isNew = reportFailure(file, () => writeNewFile(file, text));
    const shown = printableLine(file);
    stderr.write(
      isNew ? `${palette.green("✔")} ${shown}\n` : palette.dim(`  ${shown} was there and stays\n`),
    );
  }
  const enter = directory === "." ? "" : `cd ${quoteCommand([directory])} && `;
  const run = quoteCommand([...programWords(environment), "run", "pipeline.yml", "rows.csv"]);
  const next = { what: "Try it without a key", command: `${enter}${run} --simulate` };
  stderr.write(`\n${formatNextSteps([next], palette)}\n`);
  return EXIT_CODE.success;
}

function formatJson(schema: object): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** @returns false when there is such a file already. */
function writeNewFile(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: "wx" });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function reportFailure<T>(file: string, write: () => T): T {
  try {
    return write();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `this cannot be written: ${reason}`;
    const remedy = "Name a directory that can be written to";
    throw new ProblemsError([{ code: "output-path", file, message, remedy }], { cause });
  }
}
