import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import type { PipelineDefinition, RunEvent } from "../src/index.ts";
import { createRandom } from "../src/vocabulary/random.ts";
import { reply, startModelledRun } from "../testing/index.ts";
import { temporaryDirectory } from "../testing/temporary-pipeline.ts";

const PIPELINE: PipelineDefinition = {
  name: "damage",
  defaults: { model: "gpt-5-mini", maxOutputTokens: 50 },
  steps: [
    { id: "ask", messages: [{ role: "user", content: "ask {{ row.n }}" }] },
    {
      id: "sum",
      per: "group",
      groupBy: "{{ row.kind }}",
      messages: [
        { role: "user", content: "{% for r in group.rows %}{{ r.steps.ask.output }}{% endfor %}" },
      ],
    },
    {
      id: "digest",
      per: "run",
      messages: [{ role: "user", content: "{% for g in groups %}{{ g.key }}{% endfor %}" }],
    },
  ],
};

const ROWS = Array.from({ length: 80 }, (_, n) => ({ n, kind: `kind ${n % 3}` }));

/** A folder of a run that is through, and what it takes to look at it and to run it again. */
class FinishedRun {
  readonly folder = temporaryDirectory();

  /** @returns what was sent, and how the run ended: with its outputs, or with an error */
  async runAgain() {
    const events: RunEvent[] = [];
    const file = join(this.folder, "rows.jsonl");
    rmSync(file, { force: true });
    const { run, provider, finish } = startModelledRun({
      pipeline: PIPELINE,
      rows: ROWS,
      outputFiles: [file],
      stateDirectory: join(this.folder, "state"),
      behave: ({ prompt }) => reply(`a reply of some length to: ${prompt}`),
      onEvent: (event) => void events.push(event),
    });
    const results = Array.fromAsync(run.results(), (result) => JSON.stringify(result)).catch(
      () => [],
    );
    const ending = await finish().then(
      async () => ({
        outputs: [
          readWithoutLatency(file),
          ...(await results).toSorted((a, b) => (a < b ? -1 : 1)),
        ],
        error: undefined,
      }),
      (error: Error) => ({ outputs: undefined, error }),
    );
    const notices = events.flatMap((event) => (event.kind === "notice" ? [event.message] : []));
    return { ...ending, sent: provider.sends.length, notices };
  }

  get journalFile(): string {
    const runs = join(this.folder, "state", "runs");
    return join(runs, readdirSync(runs)[0] ?? "", "journal.db");
  }
}

/** How long a modelled call takes is chance, and so is another time for one that is asked again. */
function readWithoutLatency(file: string): string {
  return readFileSync(file, "utf8").replaceAll(/"__latency_ms":\d+/g, "");
}

async function finishRun() {
  const run = new FinishedRun();
  const { outputs, error, sent } = await run.runAgain();
  expect(error).toBeUndefined();
  // The file, the rows, the groups and the run.
  expect(outputs).toHaveLength(1 + ROWS.length + 3 + 1);
  expect(sent).toBe(ROWS.length + 3 + 1);
  return { run, outputs, whole: readFileSync(run.journalFile) };
}

type Ending = Awaited<ReturnType<FinishedRun["runAgain"]>>;

/** What a run over a damaged journal comes to: silent stands for a wrong output, or one paid again unsaid. */
function judge({ outputs, error, sent, notices }: Ending, whole: Ending["outputs"]) {
  if (error)
    return /damaged|cannot be continued|newer version/.test(error.message) ? "refused" : "silent";
  if (outputs?.join() !== whole?.join()) return "silent";
  if (sent === 0) return "unharmed";
  return /damaged/.test(notices.join()) ? "asked again" : "silent";
}

test("a bit that flips in a finished journal never changes an output in silence", async () => {
  const { run, outputs, whole } = await finishRun();
  const random = createRandom(116);
  const ended = new Map<string, number[]>();
  for (let trial = 0; trial < 60; trial += 1) {
    const damaged = Buffer.from(whole);
    const at = Math.floor(random() * damaged.length);
    damaged[at] = (damaged[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    writeFileSync(run.journalFile, damaged);
    const verdict = judge(await run.runAgain(), outputs);
    ended.set(verdict, [...(ended.get(verdict) ?? []), at]);
  }
  expect(ended.get("silent")).toBeUndefined();
  expect(ended.get("asked again")?.length).toBeGreaterThan(0);
});

test("a record that is not as it was written is named and asked again, and no other is", async () => {
  const { run, outputs } = await finishRun();
  const database = new DatabaseSync(run.journalFile);
  // A reply that came to stand in another row's place.
  database.exec(`UPDATE call SET result = (SELECT result FROM call WHERE per = 0 AND subject = 9)
    WHERE per = 0 AND subject = 4`);
  database.close();
  const ending = await run.runAgain();
  expect(ending).toMatchObject({ sent: 1, outputs });
  expect(ending.notices).toEqual([expect.stringContaining("the record of row 4, step ask")]);
  expect(await run.runAgain()).toMatchObject({ sent: 0, outputs, notices: [] });
});

test("of a journal whose pages are spoilt all that can be read is kept", async () => {
  const { run, outputs, whole } = await finishRun();
  const spoilt = Buffer.from(whole);
  const page = 8192;
  const last = Math.floor(spoilt.length / page) - 1;
  spoilt.fill(0xff, last * page, (last + 1) * page);
  writeFileSync(run.journalFile, spoilt);
  const ending = await run.runAgain();
  expect(ending).toMatchObject({ outputs });
  expect(ending.sent).toBeGreaterThan(0);
  expect(ending.sent).toBeLessThan(ROWS.length / 2);
  expect(ending.notices.join()).toMatch(/could be read and are kept.*is in .*replaced/);
  expect(await run.runAgain()).toMatchObject({ sent: 0, outputs });
});

test("an empty journal is told from one of a run that begins", async () => {
  const { run } = await finishRun();
  writeFileSync(run.journalFile, "");
  expect(await run.runAgain()).toMatchObject({
    sent: 0,
    error: { message: expect.stringMatching(/journal\.db is damaged: it is empty/) },
  });
});
