import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { LLMock } from "@copilotkit/aimock";
import { parse } from "csv-parse/sync";
import { expect, onTestFinished, test } from "vitest";
import { ECHO, makeRows } from "./example.ts";
import { prepareRun, runHere } from "./stage.ts";

const fixture = (name: string) =>
  fileURLToPath(new URL(`../../../fixtures/${name}`, import.meta.url));

async function openMock(): Promise<LLMock> {
  const mock = await LLMock.create({ host: "127.0.0.1", port: 0 });
  onTestFinished(() => mock.stop());
  return mock;
}

test("the ticket pipeline finishes on a server that is not ours", async () => {
  const mock = await openMock();
  const urgency = (ticket: string) => (ticket.length % 3 === 0 ? "high" : "low");
  mock
    .on({ responseFormat: "json_schema" }, (request) => {
      const ticket = String(request.messages.at(-1)?.content);
      const triage = { urgency: urgency(ticket), topic: "billing", sentiment: "neutral" };
      return { content: JSON.stringify(triage) };
    })
    .on({ systemMessage: "You answer urgent" }, { content: "A person has seen your ticket." })
    .on({ systemMessage: "weekly digest" }, { content: "Billing matters most." });

  const rows = readFileSync(fixture("rows/tickets-small.csv"), "utf8");
  const folder = prepareRun(`${mock.url}/v1`, { rows });
  const tickets: Record<string, string>[] = parse(rows, { columns: true });
  const summary = await runHere(folder, {
    pipeline: fixture("pipelines/ticket-triage.yml"),
    outputFiles: ["results.csv", "results.jsonl", "report.md"].map((name) => folder.file(name)),
  });
  expect(summary).toMatchObject({
    status: "completed",
    rows: { total: tickets.length, done: tickets.length },
  });
  expect(folder.results().map(({ ticket_id }) => ticket_id)).toEqual(
    tickets.map(({ ticket_id }) => ticket_id),
  );
  expect(folder.results().map(({ "classify.urgency": found }) => found)).toEqual(
    tickets.map(({ body = "" }) => urgency(body)),
  );
  expect(folder.read("report.md")).toContain("Billing matters most.");
});

const ODD_TEXTS = [
  "NUL \u0000 in the middle",
  "controls \u0007\u001b[31m\u009b31m\u2028\u202e",
  'quotes " and, commas\r\nand lines',
  "\ufeffa byte order mark",
  "👩‍👩‍👧‍👦 \ud83d\ude00 \u{10ffff}",
  "=1+1",
  `{"not":"asked"}`,
];

test("odd characters of replies come through the journal into the results as they are", async () => {
  const mock = await openMock();
  for (const [index, content] of ODD_TEXTS.entries())
    mock.onMessage(`odd ${index + 1}`, { content });
  const rows = makeRows(ODD_TEXTS.length, (number) => `odd ${number}`);
  const folder = prepareRun(`${mock.url}/v1`, { pipeline: ECHO, rows });
  expect(await runHere(folder)).toMatchObject({ rows: { done: ODD_TEXTS.length } });
  const lines = folder.read("results.jsonl").trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line).answer)).toEqual(ODD_TEXTS);
});
