/**
 * How long it takes to refuse YAML that was made to exhaust whoever reads it, and what that takes of
 * memory. Each is read as a pipeline, in a process of its own.
 *
 *     node packages/core/bench/yaml-bombs.ts
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const times = (count: number, make: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => make(at));

const BOMBS: Readonly<Record<string, string>> = {
  "flow lists, 100,000 deep": "[".repeat(100_000),
  "flow maps, 60,000 deep": "{a: ".repeat(60_000),
  "block lists, 100,000 deep": "- ".repeat(100_000),
  "indented maps, 600 deep": times(600, (at) => `${" ".repeat(at)}a:`).join("\n"),
  "100,000 keys": times(100_000, (at) => `k${at}: 1`).join("\n"),
  "20,000 keys": times(20_000, (at) => `k${at}: 1`).join("\n"),
  "10,000 keys of one name": times(10_000, () => "k: 1").join("\n"),
  "100,000 entries": `[${"a,".repeat(100_000)}]`,
  "a scalar of 10 MB": `a: "${"x".repeat(10_000_000)}"`,
  "a scalar of 250 KB": `a: "${"x".repeat(250_000)}"`,
  "250 KB of escapes": `a: "${"\\x41".repeat(62_000)}"`,
  "250 KB of quotes": `a: ${'"'.repeat(250_000)}`,
  "a comment of 250 KB": `# ${"x".repeat(250_000)}`,
  "250 KB of spaces": `a:${" ".repeat(250_000)}b`,
  "250,000 empty lines": "\n".repeat(250_000),
  "folded text of 120,000 lines": `a: >\n${" \n".repeat(120_000)}`,
  "aliases that multiply, 9^12": times(
    12,
    (at) => `a${at}: &a${at} [${Array(9).fill(at === 0 ? "x" : `*a${at - 1}`)}]`,
  ).join("\n"),
  "aliases that nest": times(
    50,
    (at) => `a${at}: &a${at} [[[${at > 0 ? `*a${at - 1}` : ""}]]]`,
  ).join("\n"),
  "10,000 anchors": times(10_000, (at) => `k${at}: &a${at} 1`).join("\n"),
  "10,000 aliases": `a: &a 1\nb: [${"*a,".repeat(10_000)}]`,
  "10,000 unknown tags": times(10_000, (at) => `k${at}: !t${at} 1`).join("\n"),
  "10,000 mistakes": times(10_000, () => "- @").join("\n"),
  "10,000 documents": "---\n".repeat(10_000),
  "8,000 unknown fields": `name: a\n${times(8_000, (at) => `nam${at}: 1`).join("\n")}`,
  "800 steps": `name: a\nsteps:\n${times(
    800,
    (at) => `  - { id: s${at}, messages: [{ role: user, content: hi }] }`,
  ).join("\n")}`,
};

const READER = `
  import { checkPipeline, ProblemsError } from ${JSON.stringify(fileURLToPath(new URL("../src/index.ts", import.meta.url)))};
  const began = performance.now();
  let outcome = "read";
  try {
    await checkPipeline({ pipeline: process.argv[1] });
  } catch (error) {
    outcome = error instanceof ProblemsError ? error.problems.length + " " + error.problems[0].code : String(error);
  }
  console.log(Math.round(performance.now() - began) + " ms", Math.round(process.resourceUsage().maxRSS / 1024) + " MB", outcome);
`;

const directory = mkdtempSync(join(tmpdir(), "rota-yaml-"));
const file = join(directory, "bomb.yml");
for (const [name, text] of Object.entries(BOMBS)) {
  writeFileSync(file, text);
  const { stdout, status, signal } = spawnSync(
    process.execPath,
    ["--input-type=module", "--eval", READER, file],
    { encoding: "utf8", timeout: 60_000 },
  );
  console.log(`${name.padEnd(30)} ${stdout.trim() || `no answer (${status ?? signal})`}`);
}
rmSync(directory, { recursive: true });
