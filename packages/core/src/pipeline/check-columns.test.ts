import { expect, test } from "vitest";
import { checkColumns } from "./check-columns.ts";
import { loadPipeline } from "./load-pipeline.ts";
import { loadTemporaryPipeline } from "../../testing/temporary-pipeline.ts";

const text = `name: p
input: { id: ticket }
steps:
  - id: mood
    model: m
    when: row.language == "de"
    messages: [{ role: user, content: "{{ row.body }}" }]
    output: { schema: { type: object, properties: { word: { type: string } } } }
  - id: reply
    model: m
    messages: [{ role: user, content: "{{ row.body }}" }]
`;

function check(columns: readonly string[]): string[] {
  const pipeline = loadTemporaryPipeline({ "p.yml": text });
  return checkColumns(pipeline, columns).map(
    ({ message, remedy, position }) => `${position?.line}: ${message} -> ${remedy}`,
  );
}

test("rows with all columns that are referred to fit", () => {
  expect(check(["ticket", "language", "body", "another"])).toEqual([]);
});

test("columns that are missing are reported wherever they are referred to", () => {
  expect(check(["language", "boddy"])).toEqual([
    '2: there is no column "ticket" -> The columns are: language, boddy',
    '7: there is no column "body" -> Did you mean "boddy"?',
    '11: there is no column "body" -> Did you mean "boddy"?',
  ]);
});

test("columns that a step would write a second time are reported", () => {
  const columns = ["ticket", "language", "body", "mood", "mood.word", "reply"];
  expect(check(columns).map((problem) => problem.split(" -> ")[0])).toEqual([
    '4: the rows already have a column "mood.word", which this step writes',
    '9: the rows already have a column "reply", which this step writes',
  ]);
});

test("a groupBy that names no column is reported, and a group's columns may be the rows' own", () => {
  const pipeline = loadPipeline({
    name: "p",
    defaults: { model: "m" },
    steps: [
      { id: "a", messages: [{ role: "user", content: "hi" }] },
      {
        id: "summary",
        per: "group",
        groupBy: "{{ row.prodct }}",
        messages: [{ role: "user", content: "hi" }],
      },
    ],
  });
  expect(checkColumns(pipeline, ["product", "summary"])).toEqual([
    expect.objectContaining({
      message: 'there is no column "prodct"',
      remedy: 'Did you mean "product"?',
      file: "pipeline",
    }),
  ]);
});
