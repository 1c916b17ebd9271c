import fc from "fast-check";
import { expect, test } from "vitest";
import { FILES, INPUTS, PIPELINE } from "./example.ts";
import { hostileText } from "./hostile-text.ts";
import { completion, refusal, serve } from "./reply-server.ts";
import { makeWorkspace, runStep } from "./run-bundle.ts";
import { readRunnerLog } from "./runner-log.ts";

const ROW_COUNT = 1_000;

/**
 * The column holds texts that try to be commands, each behind the row's number. A file with NUL in
 * it is refused whole.
 */
function makeHostileRows(seed: number): string {
  const texts = fc.sample(hostileText, { numRuns: ROW_COUNT, seed });
  const lines = texts.map((text, index) => `"${index} ${text.replaceAll("\0", "")}"`);
  return `body\n${lines.join("\n")}\n`;
}

test("no text of a row, a reply or a server is a command to the runner", async () => {
  const answers = fc.sample(hostileText, { numRuns: ROW_COUNT, seed: 8 });
  const url = await serve((prompt) => {
    const answer = answers[Number.parseInt(prompt)] ?? "";
    return Number.parseInt(prompt) % 2 === 0
      ? completion(answer.trim() || "text")
      : refusal(400, answer, answer);
  });
  const workspace = makeWorkspace({ "p.yml": PIPELINE, "rows.csv": makeHostileRows(7) });
  const environment = { OPENAI_LOG: "debug", RUNNER_DEBUG: "1" };
  const inputs = { ...INPUTS, endpoint: url, output: "##[error]results.csv" };
  const { code, stdout, stderr, outputs } = await runStep(workspace, inputs, environment);
  expect(code).toBe(1);
  expect(outputs["rows-failed"]).toBe(String(ROW_COUNT / 2));
  const { commands } = readRunnerLog(`${stdout}\n${stderr}`);
  // Nine rows, the totals, and why the step failed.
  const names = ["add-mask", ...Array.from({ length: 9 }, () => "error"), "notice", "error"];
  expect(commands.map(({ name }) => name)).toEqual(names);
});

test("no text of a key's server is a command to the runner", async () => {
  const url = await serve(() => refusal(401, "\n::error::from nowhere", "invalid_api_key"));
  const { code, stdout, stderr } = await runStep(makeWorkspace(FILES), {
    ...INPUTS,
    endpoint: url,
  });
  expect(code).toBe(1);
  const { commands, lines } = readRunnerLog(`${stdout}\n${stderr}`);
  expect(commands.map(({ name }) => name)).toEqual(["add-mask", "notice", "error"]);
  expect(lines.join("\n")).toContain("from nowhere");
});

test.for([
  ["a file named like a command", { pipeline: "::error::p.yml" }],
  ["a file with a command in its name", { rows: "##[error]rows.csv" }],
  ["a list of keys with commands in it", { keys: "##[error]a\n::add-path::b" }],
] as const)("%s gives the runner no command", async ([, inputs]) => {
  const { code, stdout, stderr } = await runStep(makeWorkspace(FILES), { ...INPUTS, ...inputs });
  expect(code).toBe(1);
  const { commands } = readRunnerLog(`${stdout}\n${stderr}`);
  const ours = commands.filter(({ name, properties }) =>
    name === "error" ? properties["title"] === "Nothing was sent" : name === "add-mask",
  );
  // The last one says why the step failed.
  expect(commands.slice(0, -1)).toEqual(ours);
  expect(commands.at(-1)).toMatchObject({ name: "error", properties: {} });
});

test("an error that nobody caught is told like any other", async () => {
  const throwOnceHeard = `process.on("newListener", (event) => {
    if (event !== "uncaughtException") return;
    setImmediate(() => { throw new Error("broken\\n::add-path::/tmp\\n##[group]x"); });
  });`;
  const environment = {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(throwOnceHeard)}`,
  };
  const { code, stdout, stderr } = await runStep(makeWorkspace(FILES), INPUTS, environment);
  expect(code).toBe(1);
  const { commands } = readRunnerLog(`${stdout}\n${stderr}`);
  expect(commands.map(({ name }) => name)).toEqual(["add-mask", "error"]);
  expect(commands[1]?.data).toContain("bug in Rota");
});
