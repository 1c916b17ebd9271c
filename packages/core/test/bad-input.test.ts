import { expect, test } from "vitest";
import { formatProblem, ProblemsError } from "../src/index.ts";
import { ECHO, makeKeyFile, makeRows } from "./example.ts";
import type { RunFolder } from "./run-folder.ts";
import { runRota } from "./rota-process.ts";
import { openSimulator, prepareRun, runHere } from "./stage.ts";

interface Mistake {
  readonly mistake: string;
  readonly make: (folder: RunFolder, url: string) => void;
  /** Where it is, what it is and what to do about it, as it is told. */
  readonly told: RegExp;
}

const inPipeline = (from: string, to: string) => (folder: RunFolder) =>
  folder.write("pipeline.yml", ECHO.replace(from, to));
const inRows = (text: string) => (folder: RunFolder) => folder.write("rows.csv", text);

const MISTAKES: readonly Mistake[] = [
  {
    mistake: "an unknown field",
    make: inPipeline("messages", "mesages"),
    told: /pipeline\.yml:7:5: .*mesages.*\n.*\n.*\^{7}\n {3}-> .*"messages"/,
  },
  {
    mistake: "a variable that no column gives",
    make: inPipeline("row.text", "row.txet"),
    told: /pipeline\.yml:7:\d+: .*"txet".*\n.*row\.txet.*\n.*\^{8}\n {3}-> .*"text"/,
  },
  {
    mistake: "an id column that is not there",
    make: inPipeline("id: id }", "id: key }"),
    told: /rows\.csv:1:1: .*"key".*\n.*id,text\n.*\^\n {3}-> .*input\.id.*id, text/,
  },
  {
    mistake: "a key that is not there",
    make: inPipeline("name: echo", "name: echo\nkeys: [a, bb]"),
    told: /pipeline\.yml.*: .*"bb".*\n(.*\n)* {3}-> .*"b"/,
  },
  {
    mistake: "a model that no key may serve",
    make: (folder, url) => folder.write("keys.yml", makeKeyFile(url, { models: ["gpt-5"] })),
    told: /pipeline\.yml:\d+:\d+: .*gpt-5-mini.*answer.*\n.*\n.*\^\n {3}-> .*a, b, c, d/,
  },
  {
    mistake: "two columns of one name",
    make: inRows("id,text,text\n1,a,b\n"),
    told: /rows\.csv:1:\d: .*"text".*\n.*\n.*\^{4}\n {3}-> /,
  },
  {
    mistake: "a column without a name",
    make: inRows("id,,text\n1,a,b\n"),
    told: /rows\.csv:1:\d+: column 2 .*\n.*\n.*\^\n {3}-> /,
  },
  {
    mistake: "a row with a cell too few",
    make: inRows("id,text\n1,a\n2\n3,c\n"),
    told: /rows\.csv:3:\d+: .*\n.*\n.*\^\n {3}-> /,
  },
  {
    mistake: "an id that is there twice",
    make: inRows("id,text\n1,a\n2,b\n1,c\n"),
    told: /rows\.csv:4:1: .*"1".*line 2.*line 4.*\n.*\n.*\^\n {3}-> /,
  },
  {
    mistake: "rows that are not UTF-8",
    make: (folder) => folder.write("rows.csv", Buffer.from("id,text\n1,caf\xe9\n", "latin1")),
    told: /rows\.csv:2:\d+: .*UTF-8.*\n(.*\n)* {3}-> /,
  },
  {
    mistake: "rows that are not there",
    make: (folder) => folder.remove("rows.csv"),
    told: /rows\.csv: .*\n {3}-> /,
  },
];

test.for(MISTAKES)(
  "$mistake is told with its place and a remedy before anything is sent",
  async ({ make, told }) => {
    const simulator = await openSimulator();
    const folder = prepareRun(simulator.url);
    make(folder, simulator.url);
    const error: unknown = await runHere(folder).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ProblemsError);
    expect(error).toMatchObject({ kind: "user" });
    expect(String(error instanceof ProblemsError && error.problems.map(formatProblem))).toMatch(
      told,
    );
    expect(simulator.stats().received).toBe(0);
  },
);

test("the command tells all mistakes at once, sends nothing and ends in 2", async () => {
  const simulator = await openSimulator();
  const folder = prepareRun(simulator.url, {
    pipeline: ECHO.replace("messages", "mesages").replace("concurrency", "concurency"),
    rows: "id,text,text\n1,a,b\n",
  });
  const { code, stdout, stderr } = await runRota(folder, {});
  expect(code).toBe(2);
  for (const told of ["mesages", "concurency", '"text"', "KEY_A", "KEY_D"]) {
    expect(stderr).toContain(told);
  }
  expect(JSON.parse(stdout)).toMatchObject({ status: "error", error: { code: "invalid-input" } });
  expect(simulator.stats().received).toBe(0);
});

test("without any key the command says where keys come from, and ends in 2", async () => {
  const folder = prepareRun("http://127.0.0.1:9/v1", { rows: makeRows(1) });
  const { code, stderr } = await runRota(folder, {}, ["run", "pipeline.yml", "rows.csv"]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/no API key.*\n {3}-> .*OPENAI_API_KEY.*rota\.keys\.yml/);
});
