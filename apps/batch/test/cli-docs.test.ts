import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runApplication } from "../src/application.ts";
import { createFakeTerminal } from "../src/terminal/fake-terminal.ts";

const file = fileURLToPath(new URL("../../../docs/cli.md", import.meta.url));
const COMMANDS = [[], ["run"], ["check"], ["simulate"], ["init"]];

/** What every `--help` says, as one page. */
async function generateCliDocs(): Promise<string> {
  const sections = await Promise.all(
    COMMANDS.map(async (command) => {
      const terminal = createFakeTerminal({ arguments: [...command, "--help"] });
      await runApplication(terminal);
      const title = ["rota", ...command].join(" ");
      return `## ${title}\n\n\`\`\`text\n${terminal.written.stdout.trimEnd()}\n\`\`\`\n`;
    }),
  );
  const introduction = "What each command says with `--help`. Written by a test; do not edit.";
  return [`# The command\n\n${introduction}\n`, ...sections].join("\n");
}

test("docs/cli.md says what --help says; UPDATE_DOCS=1 rewrites it", async () => {
  const generated = await generateCliDocs();
  if (process.env["UPDATE_DOCS"] === "1") writeFileSync(file, generated);
  expect(readFileSync(file, "utf8")).toBe(generated);
});

test("every command has an example in its help", async () => {
  for (const command of COMMANDS) {
    const terminal = createFakeTerminal({ arguments: [...command, "--help"] });
    expect(await runApplication(terminal)).toBe(0);
    expect(terminal.written.stdout).toMatch(/^ {2}rota \w+ [^<]*(yml|triage|8080)/m);
  }
});
