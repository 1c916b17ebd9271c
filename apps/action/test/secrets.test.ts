import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FILES, INPUTS } from "./example.ts";
import { completion, refusal, serve } from "./reply-server.ts";
import { readRunnerLog } from "./runner-log.ts";
import { makeWorkspace, runStep } from "./run-bundle.ts";

const SECRET = "canary-7f3a9c21d4-canary";
const asBearer = Buffer.from(`Bearer ${SECRET}`).toString("base64");
const FORMS = [
  SECRET,
  Buffer.from(SECRET).toString("base64"),
  // Without what the last letter of "Bearer " has a part in.
  asBearer.slice(10, -2),
  Buffer.from(SECRET).toString("hex"),
  SECRET.slice(5, 18),
];

test.for([
  [
    "a server that repeats it when it refuses it",
    () => refusal(401, `Incorrect API key provided: ${FORMS.join(" ")}.`, "invalid_api_key"),
  ],
  ["a server that repeats it in an error", () => refusal(400, `Bad key ${FORMS.join(" ")}`)],
] as const)("%s does not bring a secret anywhere", async ([, answer]) => {
  const url = await serve(answer);
  const workspace = makeWorkspace(FILES);
  const inputs = { ...INPUTS, keys: `a=${SECRET}`, endpoint: url };
  const { code, stdout, stderr, summary, outputs } = await runStep(workspace, inputs, {
    OPENAI_LOG: "debug",
    RUNNER_DEBUG: "1",
  });
  expect(code).toBe(1);
  const [first, ...rest] = stdout.split("\n");
  expect(first).toBe(`::add-mask::${SECRET}`);
  const told = [...rest, stderr, summary, JSON.stringify(outputs)].join("\n");
  for (const form of FORMS) expect(told).not.toContain(form);
});

test("a key typed into the pipeline is told of without being shown", async () => {
  const workspace = makeWorkspace({ ...FILES, "p.yml": `${FILES["p.yml"]}apikey: ${SECRET}\n` });
  const inputs = { ...INPUTS, keys: `a=${SECRET}` };
  const { code, stdout, stderr, summary } = await runStep(workspace, inputs);
  expect(code).toBe(1);
  expect(summary).toContain("unknown field");
  const [, ...rest] = stdout.split("\n");
  for (const form of FORMS) expect(rest.join("\n") + stderr + summary).not.toContain(form);
});

test("a model that says the secret does not bring it into the summary", async () => {
  const url = await serve(() => completion(`The key is ${FORMS.join(", or ")}`));
  const workspace = makeWorkspace({
    ...FILES,
    "p.yml": `${FILES["p.yml"]}    template: ./report.liquid\n`,
    "report.liquid": "{% for row in rows %}{{ row.steps.answer.text }}{% endfor %}",
  });
  const inputs = { ...INPUTS, keys: `a=${SECRET}`, endpoint: url };
  const { code, stdout, summary } = await runStep(workspace, inputs);
  expect(code).toBe(0);
  expect(summary).toContain("The key is");
  const results = readFileSync(join(workspace, "results.csv"), "utf8");
  for (const form of FORMS) expect(summary + results).not.toContain(form);
  const warnings = readRunnerLog(stdout).commands.filter(({ name }) => name === "warning");
  expect(warnings.map(({ properties }) => properties["title"])).toEqual([
    "A reply held the secret of a key",
  ]);
});

test("secrets are masked before wrong inputs are told, and none is repeated", async () => {
  const inputs = {
    pipeline: "p.yml",
    rows: "",
    keys: `a=${SECRET}1\n${SECRET}-without-a-name\n${SECRET}==\na=${SECRET}2\nb=`,
    concurrency: "many",
    "max-error-rate": "7",
    endpoint: "http://example.com/v1",
  };
  const environment = { OPENAI_API_KEY: `${SECRET}3` };
  const { code, stdout, stderr, summary } = await runStep(
    makeWorkspace(FILES),
    inputs,
    environment,
  );
  expect(code).toBe(1);
  const lines = stdout.trimEnd().split("\n");
  const masks = lines.filter((line) => line.startsWith("::add-mask::"));
  expect(lines.slice(0, masks.length)).toEqual(masks);
  expect(masks.map((line) => line.slice("::add-mask::".length))).toEqual([
    `${SECRET}1`,
    `${SECRET}-without-a-name`,
    `${SECRET}==`,
    `${SECRET}2`,
    `${SECRET}3`,
  ]);
  const told = lines.slice(masks.length).join("\n") + stderr + summary;
  expect(told).not.toContain(SECRET);
  const facts = [
    '"rows" is missing',
    '"concurrency"',
    '"max-error-rate"',
    "line 2 of",
    "line 3 of",
    "line 4 of",
    "line 5 of",
  ];
  for (const fact of facts) expect(told).toContain(fact);
});
