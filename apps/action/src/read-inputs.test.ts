import { loadKeys, ProblemsError } from "@rota/core";
import { expect, test } from "vitest";
import { createFakeRunner } from "./fake-runner.ts";
import { readInputs } from "./read-inputs.ts";
import { protectSecrets } from "./read-keys.ts";

const FILES = { pipeline: "p.yml", rows: "r.csv" };

async function findProblems(inputs: Record<string, string>): Promise<string[]> {
  const error: unknown = await readInputs(createFakeRunner(inputs)).catch((found) => found);
  if (!(error instanceof ProblemsError)) throw error;
  return error.problems.map(({ message }) => message);
}

test("inputs are read as the workflow means them", async () => {
  const inputs = await readInputs(
    createFakeRunner({
      ...FILES,
      keys: "\nsupport = sk-one\n\n  research=a+b==\n",
      output: "a.csv, b.jsonl\nc.md\n",
      concurrency: "8",
      "max-error-rate": "0.05",
      endpoint: "http://127.0.0.1:8080/v1/",
    }),
  );
  expect(inputs).toMatchObject({
    pipelineFile: "p.yml",
    rowsFile: "r.csv",
    outputFiles: ["a.csv", "b.jsonl", "c.md"],
    concurrency: 8,
    maxErrorRate: 0.05,
  });
  const keys = inputs.keys.keys.map(({ name, secret, endpoint }) => [
    name,
    secret.reveal(),
    endpoint.baseUrl,
  ]);
  expect(keys).toEqual([
    ["support", "sk-one", "http://127.0.0.1:8080/v1"],
    ["research", "a+b==", "http://127.0.0.1:8080/v1"],
  ]);
});

test("what is left out is left to the pipeline", async () => {
  const inputs = await readInputs(createFakeRunner({ ...FILES, keys: "a=sk-1" }));
  expect(inputs).toMatchObject({ outputFiles: [] });
  expect([inputs.concurrency, inputs.maxErrorRate]).toEqual([undefined, undefined]);
});

test.for([
  ["concurrency", "0"],
  ["concurrency", "2.5"],
  ["concurrency", "many"],
  ["max-error-rate", "-0.1"],
  ["max-error-rate", "5%"],
] as const)('%s "%s" is refused', async ([name, value]) => {
  const problems = await findProblems({ ...FILES, keys: "a=sk-1", [name]: value });
  expect(problems).toContainEqual(expect.stringContaining(`the input "${name}" is not`));
});

test("keys go unencrypted to this machine only", async () => {
  const endpoint = "http://example.com/v1";
  const problems = await findProblems({ ...FILES, keys: "a=sk-1", endpoint });
  expect(problems).toContainEqual(expect.stringContaining("without encryption"));
});

test("pipeline and rows are looked at when an input is wrong, so that all is told at once", async () => {
  const problems = await findProblems({ pipeline: "none.yml", rows: "none.csv", keys: "a" });
  expect(problems).toHaveLength(3);
});

test("every variable that a key is read from is masked", () => {
  const environment = {
    OPENAI_API_KEY: " sk-one ",
    OPENAI_API_KEY_2: "sk-two",
    OPENAI_API_KEY_TEAM_A: "sk-three",
    OPENAI_API_KEY_team_b: "sk-four",
    OPENAI_API_KEYS: "sk-of-another-tool",
  };
  const runner = createFakeRunner({}, environment);
  protectSecrets(runner);
  const read = loadKeys({ environment }).keys.map(({ secret }) => secret.reveal());
  expect(read).toHaveLength(4);
  expect(runner.masked.toSorted()).toEqual(read.toSorted());
});

test("every secret is masked, also one that was written without a name", () => {
  const environment = { OPENAI_API_KEY: "sk-three", OPENAI_API_KEY_B: "", OPENAI_BASE_URL: "u" };
  const runner = createFakeRunner({ keys: "a=sk-one\nc2VjcmV0==\nsk-two\nb=" }, environment);
  protectSecrets(runner);
  expect(runner.masked).toEqual(["sk-one", "c2VjcmV0==", "sk-two", "sk-three"]);
});
