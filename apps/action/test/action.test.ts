import { mkdtempSync, readFileSync, rmSync, existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startSimulator, type ScenarioInput } from "@rota/simulator";
import fc from "fast-check";
import { rolldown } from "rolldown";
import { expect, onTestFinished, test } from "vitest";
import options from "../rolldown.config.ts";
import { makeWorkspace, parseCommands, runStep } from "./run-bundle.ts";

const PIPELINE = `
name: triage
defaults: { model: gpt-5-mini }
steps:
  - id: answer
    messages:
      - { role: user, content: "{{ row.body }}" }
outputs:
  - file: results.csv
  - file: report.md
`;
const ROWS = "id,body\n1,Where is my order?\n2,Please refund me\n3,It is broken\n";

async function simulate(scenario: ScenarioInput = {}) {
  const simulator = await startSimulator({ scenario: { unknownKeys: "accept", ...scenario } });
  onTestFinished(() => simulator.close());
  return simulator;
}

/** A server that answers each request as `answer` says. */
async function serve(answer: (prompt: string) => { status: number; body: object }) {
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    request.on("end", () => {
      const { status, body } = answer(JSON.parse(text).messages.at(-1).content);
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}/v1`;
}

const completion = (content: string) => ({
  status: 200,
  body: {
    choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content } }],
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
  },
});

test("the committed bundle is what the source builds", async () => {
  const folder = mkdtempSync(join(tmpdir(), "rota-dist-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const root = fileURLToPath(new URL("../", import.meta.url));
  const build = await rolldown({ ...options, cwd: root });
  await build.write({ ...options.output, dir: folder });
  await build.close();
  const built = readFileSync(join(folder, "index.js"), "utf8");
  expect(built === readFileSync(join(root, "dist/index.js"), "utf8")).toBe(true);
});

test("a run leaves its files, its counts as outputs, and a summary", async () => {
  const simulator = await simulate();
  const workspace = makeWorkspace({ "p.yml": PIPELINE, "rows.csv": ROWS });
  const { code, outputs, summary } = await runStep(workspace, {
    pipeline: "p.yml",
    rows: "rows.csv",
    keys: "first=sk-canary-one\nsecond=sk-canary-two",
    endpoint: simulator.url,
  });
  expect(code).toBe(0);
  expect(outputs).toMatchObject({
    status: "completed",
    "rows-total": "3",
    "rows-done": "3",
    "rows-failed": "0",
    calls: "3",
    files: "results.csv\nreport.md",
  });
  expect(Number(outputs["cost-usd"])).toBeGreaterThan(0);
  expect(summary).toContain("triage: completed");
  expect(summary).toContain("| first |");
  expect(summary).toContain(readFileSync(join(workspace, "report.md"), "utf8").slice(0, 20));
  expect(readFileSync(join(workspace, "results.csv"), "utf8").split("\n")).toHaveLength(5);
});

test("a failing row is annotated on its line, and fails the step beyond the tolerated share", async () => {
  const simulator = await simulate({
    faults: [{ kind: "status", status: 400, code: "bad", message: "no", containsText: "refund" }],
  });
  const workspace = makeWorkspace({ "p.yml": PIPELINE, "rows.csv": ROWS });
  const inputs = { pipeline: "p.yml", rows: "rows.csv", keys: "a=sk-1", endpoint: simulator.url };
  const strict = await runStep(workspace, inputs);
  expect(strict.code).toBe(1);
  const errors = parseCommands(strict.stdout).filter(({ name }) => name === "error");
  expect(errors[0]?.properties).toMatch(/file=rows\.csv,line=3/);
  expect(strict.summary).toMatch(/\| 3 \| answer \|/);

  const lenient = await runStep(workspace, { ...inputs, "max-error-rate": "0.5" });
  expect(lenient.code).toBe(0);
  expect(lenient.outputs).toMatchObject({ "rows-failed": "1", calls: "0" });
});

test("a broken pipeline is annotated where it is wrong, and nothing is sent", async () => {
  const simulator = await simulate();
  const workspace = makeWorkspace({
    "p.yml": PIPELINE.replace("messages:", "mesages:"),
    "rows.csv": ROWS,
  });
  const { code, stdout, summary } = await runStep(workspace, {
    pipeline: "p.yml",
    rows: "rows.csv",
    keys: "a=sk-1",
    endpoint: simulator.url,
  });
  expect(code).toBe(1);
  expect(stdout).toMatch(/::error title=Nothing was sent,file=p\.yml,line=6,col=5::/);
  expect(summary).toContain('unknown field "mesages"');
  expect(simulator.stats().received).toBe(0);
});

test("wrong inputs are all named at once", async () => {
  const workspace = makeWorkspace({ "p.yml": PIPELINE });
  const { code, stdout } = await runStep(workspace, {
    pipeline: "p.yml",
    rows: "",
    keys: "a=sk-canary-1\nsk-canary-without-a-name\na=sk-canary-2\nb=",
    concurrency: "many",
    "max-error-rate": "7",
  });
  expect(code).toBe(1);
  const messages = parseCommands(stdout)
    .map(({ data }) => data)
    .join("\n");
  for (const text of ["rows", "line 2", "line 3", "line 4", "concurrency", "max-error-rate"]) {
    expect(messages).toContain(text);
  }
});

test("without a key the step says where to put one", async () => {
  const workspace = makeWorkspace({ "p.yml": PIPELINE, "rows.csv": ROWS });
  const { code, stdout } = await runStep(workspace, { pipeline: "p.yml", rows: "rows.csv" });
  expect(code).toBe(1);
  expect(stdout).toMatch(/::error.*OPENAI_API_KEY/);
});

test("a secret is masked before all else, and appears nowhere besides", async () => {
  const secret = "sk-canary-7f3a9c21d4";
  const url = await serve(() => ({
    status: 401,
    body: { error: { message: `Incorrect API key provided: ${secret}.`, code: "invalid_api_key" } },
  }));
  const workspace = makeWorkspace({ "p.yml": PIPELINE, "rows.csv": ROWS });
  const environment = { OPENAI_LOG: "debug" };
  const inputs = { pipeline: "p.yml", rows: "rows.csv", keys: `a=${secret}`, endpoint: url };
  const { code, stdout, stderr, summary, outputs } = await runStep(workspace, inputs, environment);
  expect(code).toBe(1);
  expect(stdout.split("\n")[0]).toBe(`::add-mask::${secret}`);
  const rest = stdout.slice(stdout.indexOf("\n")) + stderr + summary + JSON.stringify(outputs);
  for (const form of [secret, Buffer.from(secret).toString("base64"), secret.slice(3)]) {
    expect(rest).not.toContain(form);
  }
  expect(outputs["status"]).toBe("no-usable-key");
});

/** Pieces that a runner would act on, and what may stand around them. */
const HOSTILE = fc
  .array(
    fc.constantFrom(
      "::set-output name=x::y",
      "::error file=a,line=1::b",
      "::add-mask::the",
      "::stop-commands::x",
      "##[error]x",
      "##[group]",
      "##[command]rm",
      "\r\n",
      "\n",
      "\r",
      "\u2028",
      "\u0085",
      " ",
      "\t",
      ":",
      "#",
      "[",
      "%0A::error::x",
      "\u001b[31m",
      "text",
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((pieces) => pieces.join(""));

test("no text of a row, a reply or a server is ever a command to the runner", async () => {
  const texts = fc.sample(HOSTILE, { numRuns: 250, seed: 7 });
  const answers = fc.sample(HOSTILE, { numRuns: 250, seed: 8 });
  const url = await serve((prompt) => {
    const index = Number(/^(\d+)/.exec(prompt)?.[1]);
    const answer = answers[index] ?? "";
    if (index % 3 === 0) return completion(answer.trim() || "text");
    return { status: 400, body: { error: { message: answer, code: answer, type: answer } } };
  });
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const rows = texts.map((text, index) => `${index},${quote(`${index} ${text}`)}`);
  const hostileName = "##[error]name";
  const workspace = makeWorkspace({
    "p.yml": PIPELINE.replace("description:", ""),
    "rows.csv": `id,body\n${rows.join("\n")}\n`,
    [`${hostileName}.csv`]: ROWS,
  });
  const inputs = { pipeline: "p.yml", rows: "rows.csv", keys: "a=sk-1", endpoint: url };
  const { code, stdout, stderr, outputs } = await runStep(workspace, {
    ...inputs,
    output: `${hostileName}-results.csv`,
  });
  expect(code).toBe(1);
  expect(Number(outputs["rows-failed"])).toBeGreaterThan(100);
  const commands = parseCommands(stdout + stderr);
  const ours = commands.map(({ name }) => name);
  expect(ours.filter((name) => name === "add-mask")).toHaveLength(1);
  // Ten rows, and the end of the step.
  expect(ours.filter((name) => name === "error")).toHaveLength(11);
  expect(ours.filter((name) => name === "notice")).toHaveLength(1);
  expect(ours).toHaveLength(13);
});

test("a cancelled job stops at once, and the next one goes on where it was", async () => {
  const simulator = await simulate({ latency: { kind: "fixed", ms: 150 } });
  const many = Array.from({ length: 200 }, (_, index) => `${index},question ${index}`).join("\n");
  const workspace = makeWorkspace({ "p.yml": PIPELINE, "rows.csv": `id,body\n${many}\n` });
  const inputs = { pipeline: "p.yml", rows: "rows.csv", keys: "a=sk-1", endpoint: simulator.url };
  const cancelled = await runStep(workspace, { ...inputs, concurrency: "4" }, {}, (child) => {
    const cancel = setInterval(() => {
      if (simulator.stats().received < 20) return;
      clearInterval(cancel);
      child.kill("SIGTERM");
    }, 20);
  });
  expect(cancelled.outputs["status"]).toBe("interrupted");
  expect(existsSync(join(workspace, "results.csv"))).toBe(false);
  const resumed = await runStep(workspace, inputs);
  expect(resumed.outputs).toMatchObject({ status: "completed", "rows-done": "200" });
  expect(simulator.stats().repeats?.requests).toBe(0);
});
