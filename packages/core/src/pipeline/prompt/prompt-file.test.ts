import { describe, expect, test } from "vitest";
import { listSteps, type StepOutput } from "../pipeline.ts";
import {
  listLoadProblems,
  loadTemporaryPipeline,
  requestOf,
} from "../../../testing/temporary-pipeline.ts";

const summary = `
name: Text Summarizer
description: Summarises input text concisely
model: openai/gpt-4o-mini
modelParameters:
  temperature: 0.5
  maxTokens: 100
messages:
  - role: system
    content: You are a text summarizer
  - role: user
    content: "Summarize:\\n{{input}} {{ style }}"
testData:
  - { input: "The quick brown fox", expected: "fox" }
evaluators:
  - { name: Has fox, string: { contains: fox } }
`;

function pipeline(step: string, promptFile = summary): { "p.yml": string; "a.prompt.yml": string } {
  const text = `name: p\ndefaults: { model: m, topP: 0.3 }\nsteps:\n  - id: sum\n    prompt: ./a.prompt.yml\n${step}`;
  return { "p.yml": text, "a.prompt.yml": promptFile };
}

test("a prompt file is a pipeline of one step whose variables are columns", () => {
  const prompt = loadTemporaryPipeline({ "Text Summary.prompt.yml": summary });
  expect(prompt.name).toBe("text-summary");
  expect(listSteps(prompt).map(({ id }) => id)).toEqual(["prompt"]);
  expect(requestOf(prompt, { input: "fox", style: "!" })).toEqual({
    model: "gpt-4o-mini",
    temperature: 0.5,
    topP: undefined,
    maxOutputTokens: 100,
    messages: [
      { role: "system", content: "You are a text summarizer" },
      { role: "user", content: "Summarize:\nfox !" },
    ],
    output: expect.objectContaining({ kind: "text" }),
  });
});

test.each([
  ["要約.prompt.yml", "prompt"],
  [".prompt.yaml", "prompt"],
  [`${"long ".repeat(30)}.prompt.yml`, "long-".repeat(13).slice(0, 64)],
])("the file %s gives the pipeline the name %s", (file, name) => {
  expect(loadTemporaryPipeline({ [file]: summary }).name).toBe(name);
});

test("a step gives values to a prompt file, and columns fill the rest", () => {
  const step = `    with: { style: "in {{ row.language | upcase }}" }`;
  const loaded = loadTemporaryPipeline(pipeline(step));
  const row = { input: "fox", style: "a column", language: "de" };
  const { messages } = requestOf(loaded, row);
  expect(messages[1]?.content).toBe("Summarize:\nfox in DE");
  expect(listSteps(loaded)[0]?.references.map(({ path }) => path.join("."))).toEqual([
    "row.language",
    "row.input",
  ]);
});

test("a step's own settings win over its prompt file's, and those over the defaults", () => {
  const step = "    with: { style: 3 }\n    temperature: 0\n    model: own";
  const [own] = listSteps(loadTemporaryPipeline(pipeline(step)));
  expect(own).toMatchObject({ model: "own", temperature: 0, maxOutputTokens: 100, topP: 0.3 });
});

test("a value of a row is not read as template", () => {
  const loaded = loadTemporaryPipeline(pipeline(`    with: { style: "{{ row.x }}" }`));
  const { messages } = requestOf(loaded, { input: "{{ style }}", x: "{{ input }}" });
  expect(messages[1]?.content).toBe("Summarize:\n{{ style }} {{ input }}");
});

test("a value for a variable that the prompt file does not have is a problem", () => {
  expect(listLoadProblems(pipeline("    with: { styl: x }"))).toEqual([
    `p.yml:6:13: the prompt file has no variable "styl"
    6 |     with: { styl: x }
      |             ^^^^
   -> Did you mean "style"?`,
  ]);
});

test("a variable without a value must be a column", () => {
  const problems = listLoadProblems(
    pipeline("    with: { style: x }\ninput: { columns: { inptu: string } }"),
  );
  expect(problems).toEqual([
    `a.prompt.yml:12:29: there is no column "input"
   12 |     content: "Summarize:\\n{{input}} {{ style }}"
      |                             ^^^^^
   -> Did you mean "inptu"?`,
  ]);
});

test.each([
  ["per: run", "a step that runs once"],
  ['per: group\n    groupBy: "{{ row.product }}"', "a step per group"],
])("a variable without a value is a problem in a step %s", (per, where) => {
  const after = `    ${per}\n    with: { style: x }\n  - id: row\n    messages: [{ role: user, content: x }]`;
  const problems = listLoadProblems(pipeline(after));
  expect(problems).toEqual([expect.stringContaining(`variable "input" has no value in ${where}`)]);
});

test("in a step per group, the values of a prompt file's variables see the group", () => {
  const values = `{ input: "{% for r in group.rows %}{{ r.steps.row.text }};{% endfor %}", style: "{{ group.key }}" }`;
  const after = `    per: group\n    groupBy: "{{ row.product }}"\n    with: ${values}\n  - id: row\n    messages: [{ role: user, content: x }]`;
  const [step] = listSteps(loadTemporaryPipeline(pipeline(after)), "group");
  expect(step?.needs).toEqual(["row"]);
  const rows = ["a", "b"].map((text) => ({ steps: { row: { text } } }));
  const messages = step?.prompt.render({ group: { key: "Mail", rows, counts: {} }, steps: {} });
  expect(messages?.[1]?.content).toBe("Summarize:\na;b; Mail");
});

test("values for a step with messages of its own are a problem", () => {
  const step = `steps:\n  - { id: x, model: m, messages: [{ role: user, content: x }], with: { a: b } }`;
  expect(listLoadProblems({ "p.yml": `name: p\n${step}` }).join()).toContain(
    '"with" gives values to a prompt file',
  );
});

test("mistakes in a prompt file are shown in that file, once for all steps that use it", () => {
  const broken = summary.replace("modelParameters", "modelParams").replace("{{input}}", "{{input");
  const problems = listLoadProblems(pipeline("  - id: again\n    prompt: ./a.prompt.yml", broken));
  expect(problems.map((problem) => problem.split("\n")[0])).toEqual([
    'a.prompt.yml:5:1: unknown field "modelParams"',
    expect.stringMatching(/^a.prompt.yml:12:\d+: /),
  ]);
});

function withFormat(lines: string): { "a.prompt.yml": string } {
  return { "a.prompt.yml": `model: m\nmessages: [{ role: user, content: hi }]\n${lines}` };
}

function readOutput(lines: string): StepOutput | undefined {
  return listSteps(loadTemporaryPipeline(withFormat(lines)))[0]?.output;
}

describe("the response format", () => {
  const schema = { type: "object", properties: { mood: { enum: ["good", "bad"] } } };
  test("may be any JSON object", () => {
    expect(readOutput("responseFormat: json_object")?.kind).toBe("json-object");
  });

  test.each([
    ["a text of JSON", `jsonSchema: '${JSON.stringify({ name: "Mood", strict: true, schema })}'`],
    ["YAML", `jsonSchema: { name: Mood, schema: ${JSON.stringify(schema)} }`],
  ])("may be a schema, written as %s", (_, lines) => {
    const output = readOutput(`responseFormat: json_schema\n${lines}`);
    expect(output).toMatchObject({ kind: "json-schema", name: "Mood", fields: ["mood"] });
    expect(output?.check({ mood: "good" })).toEqual([]);
    expect(output?.check({ mood: "so" })).toHaveLength(1);
  });

  test.each([
    ["responseFormat: json_schema", 'the response format "json_schema" needs a schema'],
    ["jsonSchema: '{'", '"jsonSchema" is not JSON with a "schema" in it'],
    [`jsonSchema: '{"name": "x"}'`, '"jsonSchema" is not JSON with a "schema" in it'],
    ["jsonSchema: { name: x, schema: { type: objct } }", "the JSON Schema is wrong here"],
    ["responseFormat: xml", '"responseFormat" cannot be "xml"'],
  ])("is a problem: %s", (lines, message) => {
    expect(listLoadProblems(withFormat(lines)).join()).toContain(message);
  });
});

test("a prompt file without a model is a problem when nothing else names one", () => {
  const file = { "a.prompt.yml": "messages: [{ role: user, content: hi }]" };
  expect(listLoadProblems(file).join()).toContain("has no model");
});
