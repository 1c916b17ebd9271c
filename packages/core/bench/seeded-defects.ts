/**
 * Breaks the product on purpose, one defect at a time, in a copy of the working tree, and sees
 * whether the tests notice. Prints which test caught each.
 *
 *     node packages/core/bench/seeded-defects.ts [WORDS OF A DEFECT'S NAME]
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { DEFECTS } from "../testing/defects/defects.ts";
import { WorkingCopy } from "../testing/defects/working-copy.ts";

/** A defect may make the product wait for ever. */
const LONGEST_MS = 180_000;

interface Report {
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

const wanted = process.argv.slice(2).join(" ");
const defects = DEFECTS.filter(({ name }) => name.includes(wanted));
using copy = new WorkingCopy();

const tests = [...new Set(defects.flatMap((defect) => defect.tests))];
const failing = runTests(tests);
if (failing !== undefined) throw new Error(`A test fails without any defect: ${failing}`);

let survivors = 0;
for (const defect of defects) {
  const startedAt = performance.now();
  const mend = copy.break(defect);
  const caughtBy = runTests(defect.tests);
  mend();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  if (caughtBy === undefined) survivors += 1;
  console.log(`${caughtBy === undefined ? "SURVIVED" : "caught"}  ${defect.name} (${seconds} s)`);
  console.log(`    ${caughtBy ?? defect.tests.join(", ")}`);
  if (caughtBy !== undefined && !isNamed(caughtBy, defect.caughtBy)) {
    console.log(`    another test than the list says: ${defect.caughtBy}`);
  }
}
console.log(`${defects.length - survivors} of ${defects.length} caught`);
if (survivors > 0) process.exitCode = 1;

/** @param name may hold what a table of tests puts in: `%i`, `%s` */
function isNamed(test: string, name: string): boolean {
  return name.split(/%\w/).every((part) => test.includes(part));
}

/** @returns the first test that fails; undefined when none does */
function runTests(files: readonly string[]): string | undefined {
  const report = join(copy.root, "report.json");
  const { status, error, stderr } = spawnSync(
    join(copy.root, "node_modules", ".bin", "vitest"),
    ["run", "--bail=1", "--reporter=json", `--outputFile=${report}`, ...files],
    { cwd: copy.root, timeout: LONGEST_MS, killSignal: "SIGKILL", encoding: "utf8" },
  );
  if (error) return "none of them ends any more";
  if (status === 0) return undefined;
  const { testResults }: Report = JSON.parse(readFileSync(report, "utf8"));
  for (const { assertionResults, message } of testResults) {
    const failed = assertionResults.find((result) => result.status === "failed");
    if (failed) return failed.fullName;
    if (message !== "") return message.split("\n", 1)[0];
  }
  return `the tests end in ${status}: ${stderr.slice(0, 200)}`;
}
