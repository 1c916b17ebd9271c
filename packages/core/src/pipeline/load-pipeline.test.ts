import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ProblemsError } from "../vocabulary/problem.ts";
import { loadPipeline } from "./load-pipeline.ts";
import { listSteps } from "./pipeline.ts";
import type { PipelineDefinition } from "./schema.ts";
import {
  listLoadProblems,
  listProblems,
  loadTemporaryPipeline,
  requestOf,
  temporaryDirectory,
} from "../../testing/temporary-pipeline.ts";

const fixtures = fileURLToPath(new URL("../../../../fixtures/pipelines", import.meta.url));
const triage = join(fixtures, "ticket-triage.yml");

/** The smallest pipeline, with more lines where a test needs them. */
function write({ top = "", step = "", after = "" } = {}): { "p.yml": string } {
  return {
    "p.yml": `name: p
${top}
steps:
  - id: ask
    model: m
    messages: [{ role: user, content: "{{ row.question }}" }]
${step}
${after}
`,
  };
}

test("a pipeline file becomes a complete pipeline", () => {
  const pipeline = loadPipeline(triage);
  expect(pipeline).toMatchObject({
    name: "ticket-triage",
    keys: undefined,
    input: { id: "ticket_id" },
    limits: {
      concurrency: 64,
      budgetUsd: 5,
      maxErrorRate: 0.01,
      callTimeoutMs: 120_000,
      maxFaults: 5,
    },
  });
  expect(listSteps(pipeline, "row").map(({ id, needs }) => [id, needs])).toEqual([
    ["classify", []],
    ["reply", ["classify"]],
  ]);
  expect(listSteps(pipeline, "run").map(({ id }) => id)).toEqual(["digest"]);
  expect(pipeline.outputs.map(({ file, format }) => [file, format])).toEqual([
    ["results.csv", "csv"],
    ["results.jsonl", "jsonl"],
    ["report.md", "markdown"],
  ]);
});

test("a pipeline over rows, groups, rows and the run has a stage for each", () => {
  const { stages, outputs } = loadPipeline(join(fixtures, "product-digest.yml"));
  expect(stages.map(({ per, steps }) => [per, ...steps.map(({ id }) => id)])).toEqual([
    ["row", "classify"],
    ["group", "causes"],
    ["row", "match"],
    ["run", "digest"],
  ]);
  expect(outputs.map(({ file, groupsOf }) => [file, groupsOf?.by])).toEqual([
    ["tickets.csv", undefined],
    ["products.csv", "{{ row.product }}"],
    ["digest.md", undefined],
  ]);
});

test("limits have defaults", () => {
  expect(loadTemporaryPipeline(write()).limits).toEqual({
    concurrency: 16,
    budgetUsd: undefined,
    maxErrorRate: 0,
    callTimeoutMs: 120_000,
    maxFaults: 5,
    maxWaitMs: 3_600_000,
    outageMs: 600_000,
  });
});

test("a limit that has another name now is answered with it", () => {
  expect(listLoadProblems(write({ top: "limits: { attempts: 3 }" })).join("\n")).toContain(
    'It is called "maxFaults" now',
  );
});

test("a step becomes a request, with what defaults say where it is silent", () => {
  const pipeline = loadTemporaryPipeline(
    write({ top: "defaults: { model: other, temperature: 0.5 }", step: "    topP: 0.9" }),
  );
  expect(requestOf(pipeline, { question: "Why?" })).toMatchObject({
    model: "m",
    temperature: 0.5,
    topP: 0.9,
    maxOutputTokens: undefined,
    messages: [{ role: "user", content: "Why?" }],
    output: { kind: "text" },
  });
});

test("steps run behind those they refer to or need, and else as written", () => {
  const pipeline = loadTemporaryPipeline({
    "p.yml": `
name: p
defaults: { model: m }
steps:
  - { id: c, messages: [{ role: user, content: "{{ steps.b.text }}" }] }
  - { id: d, messages: [{ role: user, content: hi }] }
  - { id: b, messages: [{ role: user, content: hi }], needs: [a] }
  - { id: a, messages: [{ role: user, content: hi }], when: 'row.x == "y"' }
`,
  });
  expect(listSteps(pipeline, "row").map(({ id }) => id)).toEqual(["a", "b", "c", "d"]);
});

test("everything that is wrong is reported at once, each in its place", () => {
  const problems = listLoadProblems({
    "p.yml": `name: p
defualts: { model: m }
input: { columns: { body: string } }
steps:
  - id: classify
    model: m
    messages:
      - { role: user, content: "Dear {{ row.bdy }}" }
  - id: reply
    when: row.body > 3
    messages:
      - role: user
        content: "{{ steps.clasify.text }}"
      - { role: user, content: "{{ row.body | shout }}" }
outputs:
  - file: results.xlsx
`,
  });
  expect(problems).toEqual([
    `p.yml:2:1: unknown field "defualts"
    2 | defualts: { model: m }
      | ^^^^^^^^
   -> Did you mean "defaults"?`,
    `p.yml:8:41: there is no column "bdy"
    8 |       - { role: user, content: "Dear {{ row.bdy }}" }
      |                                         ^^^^^^^
   -> Did you mean "body"?`,
    `p.yml:9:9: the step "reply" has no model
    9 |   - id: reply
      |         ^^^^^
   -> Add "model" here, in its prompt file, or under "defaults"`,
    `p.yml:10:11: the condition does not work: no such overload: string > int
   10 |     when: row.body > 3
      |           ^^^^^^^^^^^^
   -> Put text in quotes; declare columns of numbers under "input.columns"`,
    `p.yml:13:22: there is no step "clasify"
   13 |         content: "{{ steps.clasify.text }}"
      |                      ^^^^^^^^^^^^^^^^^^
   -> Did you mean "classify"?`,
    `p.yml:14:33: undefined filter: shout
   14 |       - { role: user, content: "{{ row.body | shout }}" }
      |                                 ^
   -> Correct the template; to show braces as they are, put {% raw %} … {% endraw %} around`,
    `p.yml:16:11: the ending of "results.xlsx" names no format
   16 |   - file: results.xlsx
      |           ^^^^^^^^^^^^
   -> Use one of: .csv, .jsonl, .md`,
  ]);
});

test.each([
  ["a step without a prompt", "  - { id: x, model: m }", 'the step "x" has no prompt'],
  [
    "a prompt twice",
    "  - { id: x, model: m, prompt: a.prompt.yml, messages: [{ role: user, content: hi }] }",
    'the step "x" has both "messages" and "prompt"',
  ],
  [
    "a prompt file that is not there",
    "  - { id: x, model: m, prompt: no.yml }",
    "no.yml: the file",
  ],
  ["two steps of one name", inline("ask", "hi"), 'there is already a step "ask"'],
  ["an unknown step", inline("x", "{{ steps.aks.output }}"), 'there is no step "aks"'],
  ["an unknown needed step", `${inline("x", "hi")}\n    needs: [aks]`, 'there is no step "aks"'],
  ["a step that needs itself", inline("x", "{{ steps.x.output }}"), 'the step "x" needs its own'],
  ["an unknown variable", inline("x", "{{ body }}"), 'there is no variable "body"'],
  ["a part that no step has", inline("x", "{{ steps.ask.txt }}"), '"output" and "text", not "txt"'],
  ["a field of a text", inline("x", "{{ steps.ask.output.mood }}"), "replies with text"],
  ["rows in a step per row", inline("x", "{{ rows.size }}"), 'each row cannot see "rows"'],
  ["a row in a step per run", inline("x", "{{ row.a }}", "run"), "there is no single row here"],
  [
    "a step per row in a step per run",
    inline("x", "{{ steps.ask.output }}", "run"),
    'the step "ask" runs for each row, and here is no single row',
  ],
  ["a run in a step per row", inline("x", "{{ run.name }}"), 'each row cannot see "run"'],
  ["a group in a step per row", inline("x", "{{ group.key }}"), 'each row cannot see "group"'],
  [
    "a part of the run that a step cannot see",
    inline("x", "{{ run.costUsd }}", "run"),
    '"run" has no "costUsd" here',
  ],
  [
    "a count of rows that there is not",
    inline("x", "{{ run.rows.totl }}", "run"),
    '"run.rows" has no "totl" here',
  ],
  ["a template twice", "outputs: [{ file: a.csv }, { file: ./A.csv }]", "already an output"],
  [
    "a template of a table",
    "outputs: [{ file: a.csv, template: p.yml }]",
    "csv file has no template",
  ],
  [
    "formulas of what is no table for a spreadsheet",
    "outputs: [{ file: a.jsonl, formulas: raw }]",
    "only a .csv file is read by spreadsheets",
  ],
  [
    "a template that is not there",
    "outputs: [{ file: a.md, template: b }]",
    "b: the file does not",
  ],
])("%s is a problem", (_, after, message) => {
  expect(listLoadProblems(write({ after })).join("\n")).toContain(message);
});

function inline(id: string, content: string, per = "row"): string {
  const message = `{ role: user, content: "${content}" }`;
  return `  - id: ${id}\n    per: ${per}\n    model: m\n    messages: [${message}]`;
}

test("steps that wait for each other are named", () => {
  const problems = listLoadProblems(
    write({
      step: "    needs: [z]",
      after: `${inline("y", "{{ steps.ask.text }}")}\n${inline("z", "{{ steps.y.text }}")}`,
    }),
  );
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain("these steps wait for each other: ask -> z -> y -> ask");
});

test("fields of a reply are checked against the step's schema", () => {
  const step = "    output: { schema: { type: object, properties: { mood: { type: string } } } }";
  const after = inline("x", "{{ steps.ask.output.mood }} {{ steps.ask.output.moood }}");
  const problems = listLoadProblems(write({ step, after }));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain('has no field "moood" in its schema');
  expect(problems[0]).toContain('Did you mean "mood"?');
});

test("a pipeline of steps per run only is a problem", () => {
  const problems = listLoadProblems({ "p.yml": `name: p\nsteps:\n${inline("x", "hi", "run")}` });
  expect(problems.join()).toContain("no step runs for each row");
});

test.each([
  "../a.csv",
  "/tmp/a.csv",
  "a/../../b.csv",
  "C:\\a.csv",
  "C:a.csv",
  "nul.csv",
  "x/COM1.md",
])("an output cannot be written to %s", (file) => {
  const problems = listLoadProblems(write({ after: `outputs: [{ file: '${file}' }]` }));
  expect(problems.join()).toContain("leads out of the folder for outputs");
});

test("an output may stand in a folder of its own", () => {
  const { outputs } = loadTemporaryPipeline(write({ after: "outputs: [{ file: out/a..b.csv }]" }));
  expect(outputs[0]?.file).toBe("out/a..b.csv");
});

describe("a table of groups", () => {
  const perGroup = `${inline("sum", "hi", "group")}\n    groupBy: "{{ row.product }}"`;

  test("has a record for each group of a step's grouping", () => {
    const after = `${perGroup}\noutputs: [{ file: a.csv }, { file: b.csv, groups: sum }]`;
    const { outputs, stages } = loadTemporaryPipeline(write({ after }));
    expect(outputs.map(({ groupsOf }) => groupsOf?.by)).toEqual([undefined, "{{ row.product }}"]);
    expect(stages[1]).toMatchObject({ grouping: outputs[1]?.groupsOf });
  });

  test.each([
    [
      "a step that is not there",
      "{ file: a.csv, groups: summ }",
      'there is no step "summ"',
      'Did you mean "sum"?',
    ],
    [
      "a step without groups",
      "{ file: a.csv, groups: ask }",
      'the step "ask" has no groups: it is per row',
      "Name a step per group: sum",
    ],
    [
      "in a report",
      "{ file: a.md, groups: sum }",
      "a .md file is a report over the whole run, not a table of groups",
      "Write a .csv or .jsonl file; a report's template sees the groups in `groups`",
    ],
  ])("is not of %s", (_, output, message, remedy) => {
    const problems = listLoadProblems(write({ after: `${perGroup}\noutputs: [${output}]` }));
    expect(problems).toEqual([expect.stringContaining(message)]);
    expect(problems).toEqual([expect.stringContaining(remedy)]);
  });

  test("is nothing for a pipeline without groups", () => {
    const after = "outputs: [{ file: a.csv, groups: ask }]";
    expect(listLoadProblems(write({ after })).join()).toContain(
      'Remove it, or give a step "per: group"',
    );
  });
});

describe("a pipeline that is an object", () => {
  const definition: PipelineDefinition = {
    name: "p",
    description: undefined,
    defaults: { model: "m" },
    steps: [{ id: "ask", messages: [{ role: "user", content: "{{ row.question }}\nBriefly." }] }],
  };

  test("is what the file would be, with paths from the working directory", () => {
    const pipeline = loadPipeline(definition);
    expect(pipeline).toMatchObject({ name: "p", file: "pipeline", directory: "." });
    expect(requestOf(pipeline, { question: "Why?" })).toMatchObject({
      model: "m",
      messages: [{ role: "user", content: "Why?\nBriefly." }],
    });
  });

  test("has its mistakes shown in the YAML that it would be", () => {
    const content = "Dear {{ row.name }},\n{{ row.bdy }}";
    const steps = [{ id: "ask", messages: [{ role: "user", content, lang: "en" }] }];
    const input = { columns: { name: "string", body: "string" } };
    expect(listProblems(() => loadPipeline({ ...definition, input, steps }))).toEqual([
      `pipeline:10:14: there is no column "bdy"
   10 |           {{ row.bdy }}
      |              ^^^^^^^
   -> Did you mean "body"?`,
      `pipeline:11:9: unknown field "lang"
   11 |         lang: en
      |         ^^^^
   -> Remove it; entry 1 of "messages" may have: role, content`,
    ]);
  });

  test.each([
    ["a function", { ...definition, description: () => "x" }, "cannot be written as YAML"],
    ["a list", [definition], "must be a map of fields, not a list"],
    ["a date where text must be", { ...definition, name: new Date(0) }, "a pipeline's name has"],
    ["a number that is none", { ...definition, limits: { budgetUsd: NaN } }, "not a finite number"],
  ])("is refused with %s", (_, source, message) => {
    const problems = listProblems(() => loadPipeline(source));
    expect(problems.join("\n")).toContain(message);
  });

  test("that contains itself is refused", () => {
    const steps: unknown[] = [];
    steps.push({ id: "ask", steps });
    expect(listProblems(() => loadPipeline({ ...definition, steps }))).not.toEqual([]);
  });

  test("may hold one value in two places", () => {
    const output = { schema: { type: "object" } };
    const steps = definition.steps.map((step) => ({ ...step, output }));
    const more = steps.map((step) => ({ ...step, id: "again" }));
    const pipeline = loadPipeline({ ...definition, steps: [...steps, ...more] });
    expect(listSteps(pipeline).map((step) => step.output.kind)).toEqual([
      "json-schema",
      "json-schema",
    ]);
  });
});

test("mistakes in a report's template are shown in that file", () => {
  const problems = listLoadProblems({
    ...write({ after: "outputs: [{ file: a.md, template: a.liquid }]" }),
    "a.liquid": "# Report\n{{ run.name }} {{ step.x }}",
  });
  expect(problems).toEqual([
    `a.liquid:2:19: there is no variable "step"
    2 | {{ run.name }} {{ step.x }}
      |                   ^^^^^^
   -> Did you mean "steps"?`,
  ]);
});

test("fingerprints change with what makes replies, step by step, and with nothing else", () => {
  const before = loadTemporaryPipeline(write({ after: inline("x", "hi") })).fingerprints;
  expect(Object.keys(before)).toEqual(["input", "step ask", "step x"]);
  const changed = (parts: Parameters<typeof write>[0]) => {
    const after = loadTemporaryPipeline(write({ after: inline("x", "hi"), ...parts })).fingerprints;
    return Object.keys(before).filter((name) => before[name] !== after[name]);
  };
  expect(changed({ top: "description: new\nkeys: [a]\nlimits: { concurrency: 1 }" })).toEqual([]);
  expect(changed({ top: "input: { id: question }" })).toEqual(["input"]);
  expect(changed({ step: "    temperature: 1" })).toEqual(["step ask"]);
  expect(changed({ step: "    when: row.question != ''" })).toEqual(["step ask"]);
  expect(changed({ step: "    output: { schema: { type: object } }" })).toEqual(["step ask"]);
  expect(changed({ after: inline("x", "ho") })).toEqual(["step x"]);
  expect(changed({ top: "defaults: { topP: 0.5 }" })).toEqual(["step ask", "step x"]);
});

function outcomeOf(file: string): "pipeline" | "problems" {
  try {
    loadPipeline(file);
    return "pipeline";
  } catch (error) {
    if (error instanceof ProblemsError) return "problems";
    throw error;
  }
}

test("whatever is typed, the outcome is a pipeline or a list of problems", () => {
  const text = readFileSync(triage, "utf8");
  const pieces = [
    "{{",
    "}}",
    "{%",
    '"',
    "'",
    ":",
    "- ",
    "\n",
    "  ",
    "[",
    "}",
    "steps.",
    "row.",
    "&&",
  ];
  const edit = fc.record({
    at: fc.nat(text.length),
    removed: fc.nat(12),
    added: fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 4 })),
  });
  const file = join(temporaryDirectory(), "p.yml");
  for (const name of ["reply.prompt.yml", "digest.md.liquid"]) {
    copyFileSync(join(dirname(triage), name), join(dirname(file), name));
  }
  const outcomes = new Set<string>();
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
      let typed = text;
      for (const { at, removed, added } of edits) {
        typed = typed.slice(0, at) + added + typed.slice(at + removed);
      }
      writeFileSync(file, typed);
      outcomes.add(outcomeOf(file));
    }),
    { numRuns: 300 },
  );
  expect(outcomes).toEqual(new Set(["pipeline", "problems"]));
});
