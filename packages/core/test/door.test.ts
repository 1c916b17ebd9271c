import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { describe, expect, expectTypeOf, onTestFinished, test } from "vitest";
import {
  checkPipeline,
  keysFromSecrets,
  RotaError,
  type FinishedSubject,
  type JsonObject,
  type PipelineDefinition,
  type Provider,
  type Run,
  type RunEvent,
  type RunOptions,
  type RunSummary,
  startRun,
} from "../src/index.ts";
import { failure, reply, startModelledRun } from "../testing/index.ts";
import { ValueRows } from "../src/rows/value-rows.ts";
import { temporaryDirectory } from "../testing/temporary-pipeline.ts";

const PIPELINE: PipelineDefinition = {
  name: "door",
  defaults: { model: "gpt-5-mini", maxOutputTokens: 10 },
  steps: [
    { id: "ask", messages: [{ role: "user", content: "ask {{ row.n }}" }] },
    {
      id: "sum",
      per: "group",
      groupBy: "{{ row.kind }}",
      messages: [{ role: "user", content: "sum {{ group.key }} {{ group.rows.size }}" }],
    },
    {
      id: "digest",
      per: "run",
      messages: [{ role: "user", content: "digest {% for g in groups %}{{ g.key }}{% endfor %}" }],
    },
  ],
};

function makeRows(count: number): { n: number; kind: string }[] {
  return Array.from({ length: count }, (_, n) => ({ n, kind: n % 2 ? "odd" : "even" }));
}

/** A provider that answers at once, in real time. */
class QuickProvider implements Provider {
  readonly prompts: string[] = [];
  readonly #behave: (prompt: string) => ReturnType<typeof reply>;

  constructor(behave: (prompt: string) => ReturnType<typeof reply> = (prompt) => reply(prompt)) {
    this.#behave = behave;
  }

  async send(...[request]: Parameters<Provider["send"]>) {
    const prompt = request.messages.at(-1)?.content ?? "";
    this.prompts.push(prompt);
    await new Promise((resolve) => setImmediate(resolve));
    return this.#behave(prompt);
  }

  async close(): Promise<void> {}
}

function open(options: Partial<RunOptions> = {}): Run {
  const directory = options.stateDirectory ?? temporaryDirectory();
  return startRun({
    pipeline: PIPELINE,
    rows: makeRows(10),
    keys: keysFromSecrets(new Map([["main", "sk-door-test-key"]])),
    provider: new QuickProvider(),
    outputFiles: [join(directory, "results.csv")],
    limitsDirectory: false,
    ...options,
    stateDirectory: directory,
  });
}

function describeResult(result: FinishedSubject): string {
  switch (result.per) {
    case "row":
      return `row ${result.line} ${result.steps["ask"]?.text}`;
    case "group":
      return `group ${result.key} ${result.steps["sum"]?.text} of ${result.counts.total}`;
    case "run":
      return `run ${result.steps["digest"]?.text}`;
  }
}

const ALL = [
  ...Array.from({ length: 10 }, (_, n) => `row ${n + 1} ask ${n}`),
  "group even sum even 5 of 5",
  "group odd sum odd 5 of 5",
  "run digest evenodd",
].toSorted();

async function take(run: Run): Promise<string[]> {
  return (await Array.fromAsync(run.results(), describeResult)).toSorted();
}

describe("results", () => {
  test("come as they end, each subject once, and again when the run is over", async () => {
    const run = open();
    const live = take(run);
    expect(await live).toEqual(ALL);
    expect(await run.finished).toMatchObject({
      status: "completed",
      rows: { total: 10, done: 10 },
      groups: { total: 2, done: 2 },
    });
    expect(await take(run)).toEqual(ALL);
  });

  test("that had ended before somebody asks come first, none twice and none missing", async () => {
    for (const after of [1, 3, 7, 12]) {
      const run = open({ concurrency: 2 });
      let seen = 0;
      let late: Promise<string[]> | undefined;
      for await (const _ of run.results()) {
        seen += 1;
        if (seen === after) late = take(run);
      }
      expect(await late).toEqual(ALL);
    }
  });

  test("of earlier processes are given again, and nothing is paid twice", async () => {
    const stateDirectory = temporaryDirectory();
    const provider = new QuickProvider();
    await open({ stateDirectory, provider }).finished;
    expect(provider.prompts).toHaveLength(13);
    expect(await take(open({ stateDirectory, provider }))).toEqual(ALL);
    expect(provider.prompts).toHaveLength(13);
    const other = open({ stateDirectory, provider, rows: makeRows(3) });
    expect((await other.finished).rows.total).toBe(3);
    expect(provider.prompts).toHaveLength(13 + 6);
    await open({ stateDirectory, provider, fresh: true }).finished;
    expect(provider.prompts).toHaveLength(19 + 13);
  });

  test("of a run that was stopped are those that had ended", async () => {
    const run = open({ rows: makeRows(100), concurrency: 2 });
    let seen = 0;
    for await (const result of run.results()) {
      if (result.per === "row" && (seen += 1) === 5) void run.stop();
    }
    const summary = await run.finished;
    expect(summary.status).toBe("interrupted");
    expect(await take(run)).toHaveLength(summary.rows.done);
  });

  test("of a run that is stopped are also those that an earlier process ended", async () => {
    const stateDirectory = temporaryDirectory();
    const rows = makeRows(100);
    await open({ stateDirectory, rows }).finished;
    const provider = new QuickProvider();
    const again = open({ stateDirectory, rows, provider, signal: AbortSignal.abort() });
    const live = take(again);
    expect((await again.finished).status).toBe("interrupted");
    const late = await take(again);
    expect(late).toHaveLength(103);
    expect(await live).toEqual(late);
    expect(provider.prompts).toEqual([]);
  });

  test("can be left, and the run goes on", async () => {
    const run = open();
    for await (const _ of run.results()) break;
    expect((await run.finished).rows.done).toBe(10);
  });

  test("tell of rows that failed, with the reason", async () => {
    const provider = new QuickProvider((prompt) =>
      prompt === "ask 3" ? failure({ class: "caller-fault", message: "no" }) : reply(prompt),
    );
    const run = open({ provider, maxErrorRate: 1 });
    const results = await Array.fromAsync(run.results());
    expect(results.find(({ status }) => status === "failed")).toMatchObject({
      per: "row",
      line: 4,
      row: { n: 3 },
      error: "ask: no",
    });
    expect(results.find((one) => one.per === "group" && one.key === "odd")).toMatchObject({
      counts: { total: 5, failed: 1, done: 4 },
      steps: { sum: { output: "sum odd 4" } },
    });
  });
});

test("a reply that was paid for and cannot be used is shown to nobody as one", async () => {
  const run = open({
    pipeline: {
      ...PIPELINE,
      steps: [
        { id: "ask", messages: [{ role: "user", content: "ask {{ row.n }}" }] },
        {
          id: "sum",
          per: "group",
          groupBy: "{{ row.kind }}",
          messages: [{ role: "user", content: "sum {{ group.key }}" }],
          output: { schema: { type: "object", properties: {}, additionalProperties: false } },
        },
        {
          id: "digest",
          per: "run",
          messages: [
            {
              role: "user",
              content: "digest{% for g in groups %} [{{ g.steps.sum.text }}]{% endfor %}",
            },
          ],
        },
      ],
    },
    rows: makeRows(2),
    maxErrorRate: 1,
  });
  const results = await Array.fromAsync(run.results());
  expect(results.filter(({ per }) => per === "group")).toMatchObject([
    { status: "failed", steps: { sum: { status: "failed", output: null, text: "" } } },
    { status: "failed", steps: { sum: { status: "failed", output: null, text: "" } } },
  ]);
  expect(results.find(({ per }) => per === "run")).toMatchObject({
    steps: { digest: { text: "digest [] []" } },
  });
});

describe("rows", () => {
  test.each([
    ["an array", () => makeRows(10)],
    [
      "a generator",
      function* () {
        yield* makeRows(10);
      },
    ],
    [
      "an async generator",
      async function* () {
        yield* makeRows(10);
      },
    ],
  ])("may be %s, or a function that gives it", async (_, make) => {
    expect(await take(open({ rows: make() }))).toEqual(ALL);
    expect(await take(open({ rows: make }))).toEqual(ALL);
  });

  test("of a source of one's own may be a part of it", async () => {
    const rows = new ValueRows(makeRows(10));
    const run = open({ rows, rowRange: { from: 4, to: 6 } });
    expect((await run.finished).rows.total).toBe(3);
  });

  test("that are none at all end the run before it begins", async () => {
    await expect(open({ rows: [] }).finished).rejects.toThrow(/there are no rows/);
  });

  test("that cannot be written down are refused with their number, and nothing is sent", async () => {
    const provider = new QuickProvider();
    const run = open({
      provider,
      rows: [
        { n: 1, kind: "a" },
        { n: Number.NaN, kind: "a" },
      ],
    });
    await expect(run.finished).rejects.toThrow(
      'rows:2:1: the row cannot be written as JSON: "n" is NaN',
    );
    expect(provider.prompts).toEqual([]);
  });
});

describe("options", () => {
  test.each([
    ["concurrency", 0, "a whole number from 1 to 10000"],
    ["concurrency", Number.NaN, "a whole number from 1 to 10000"],
    ["concurrency", -1, "a whole number from 1 to 10000"],
    ["concurrency", 1.5, "a whole number from 1 to 10000"],
    ["concurrency", "8", "a whole number from 1 to 10000"],
    ["budgetUsd", -1, "a number of dollars above 0"],
    ["budgetUsd", Number.NaN, "a number of dollars above 0"],
    ["maxErrorRate", 50, "a share from 0 to 1"],
    ["rowRange", { from: 0, to: 3 }, "the first and the last row"],
    ["rowRange", [1, 3], "the first and the last row"],
    ["outputFiles", "out.csv", "a list of paths"],
    ["onUncertain", "retry", '"resend" or "skip"'],
    ["fresh", "yes", "true or false"],
    ["stateDirectory", "", "the path of a folder"],
    ["limitsDirectory", true, "the path of a folder, or false"],
    ["onEvent", {}, "a function"],
    ["signal", {}, "an AbortSignal"],
    ["provider", () => {}, "an object with send() and close()"],
    ["clock", Date, "an object with now() and schedule()"],
    ["random", 4, "a function that gives numbers"],
    ["rows", 7, "the path of a CSV or JSONL file"],
    ["rows", { n: 1 }, "an iterable of objects"],
    ["pipeline", [], "the path of a pipeline file"],
    ["keys", { keys: [], limits: new Map() }, "at least one key"],
    ["keys", undefined, "at least one key"],
    ["concurency", 4, 'Did you mean "concurrency"'],
  ])("%s: %j is refused by its name, with what is allowed", async (name, value, allowed) => {
    const provider = new QuickProvider();
    const wrong: unknown = { [name]: value };
    const run = open({ provider, ...Object(wrong) });
    const error: unknown = await run.finished.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "invalid-input",
      problems: [
        {
          code: "option",
          message: expect.stringContaining(`"${name}"`),
          remedy: expect.stringContaining(allowed),
        },
      ],
    });
    expect(provider.prompts).toEqual([]);
  });

  test("are told together, and with what is wrong in pipeline and rows", async () => {
    const steps = [{ id: "ask", messages: [{ role: "user" as const, content: "{{ row.m }}" }] }];
    const run = open({ pipeline: { ...PIPELINE, steps }, concurrency: 0, maxErrorRate: 2 });
    const error: unknown = await run.finished.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      problems: [
        { message: 'the option "concurrency" cannot be 0' },
        { message: 'the option "maxErrorRate" cannot be 2' },
        { message: expect.stringContaining('there is no column "m"') },
      ],
    });
  });

  test("that hold a secret in the wrong place do not show it", async () => {
    const run = open(Object({ keys: "sk-wrong-place", onEvent: "sk-wrong-place" }));
    const error: unknown = await run.finished.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RotaError);
    expect(inspect(error)).not.toContain("sk-wrong-place");
  });

  test("of a check are looked at too", async () => {
    const check = checkPipeline(Object({ pipeline: 4, row: [] }));
    await expect(check).rejects.toThrow(/"pipeline" cannot be 4[^]*no option "row"/);
  });
});

describe("mistakes", () => {
  test("in a pipeline that is an object come with their place in it", async () => {
    const steps = [{ id: "ask", messages: [{ role: "user" as const, content: "{{ row.m }}" }] }];
    const run = open({ pipeline: { ...PIPELINE, steps } });
    await expect(run.finished).rejects.toThrow(
      /pipeline:\d+:\d+: there is no column "m"[^]*The columns are: n, kind/,
    );
  });

  test("are thrown where the run is listened to, and nowhere else", async () => {
    const unhandled: unknown[] = [];
    const listen = (error: unknown) => void unhandled.push(error);
    process.on("unhandledRejection", listen);
    onTestFinished(() => void process.off("unhandledRejection", listen));
    const run = open({ rows: "no-such-file.csv" });
    await expect(Array.fromAsync(run.results())).rejects.toThrow(RotaError);
    const other = open({ rows: "no-such-file.csv" });
    await expect(Array.fromAsync(other.events)).rejects.toThrow(RotaError);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(unhandled).toEqual([]);
  });

  test("of who watches the events end the run with theirs", async () => {
    const run = open({
      onEvent: ({ kind }) => {
        if (kind === "row-ended") throw new Error("the watcher fell asleep");
      },
    });
    await expect(run.finished).rejects.toThrow("the watcher fell asleep");
  });
});

describe("a run", () => {
  test("tells its events from the first to the last, to each who listens", async () => {
    const heard: RunEvent[] = [];
    const run = open({ onEvent: (event) => void heard.push(event) });
    const [first, second] = await Promise.all([
      Array.fromAsync(run.events),
      Array.fromAsync(run.events),
    ]);
    expect(first.map(({ kind }) => kind)).toEqual(heard.map(({ kind }) => kind));
    expect(second).toEqual(first);
    expect(first[0]?.kind).toBe("run-started");
    expect(first.at(-1)?.kind).toBe("outputs-written");
    expect(first.filter(({ kind }) => kind === "group-ended")).toHaveLength(2);
  });

  test("that is stopped before it began sends nothing, and can be continued", async () => {
    const stateDirectory = temporaryDirectory();
    const provider = new QuickProvider();
    const run = open({ stateDirectory, provider });
    expect((await run.stop()).status).toBe("interrupted");
    expect(provider.prompts).toEqual([]);
    const aborted = open({ stateDirectory, provider, signal: AbortSignal.abort() });
    expect((await aborted.finished).status).toBe("interrupted");
    expect(await take(open({ stateDirectory, provider }))).toEqual(ALL);
  });

  test("tells that it began before it tells that it stops", async () => {
    const run = open({ signal: AbortSignal.abort() });
    const kinds = await Array.fromAsync(run.events, ({ kind }) => kind);
    expect(kinds).toEqual(["run-started", "run-stopping"]);
  });

  test("can be watched by a loop that is left while it waits", async () => {
    const run = open();
    const events = run.events[Symbol.asyncIterator]();
    const results = run.results()[Symbol.asyncIterator]();
    const waiting = [events.next(), results.next()];
    await Promise.all([events.return?.(), results.return?.()]);
    expect((await Promise.all(waiting)).map(({ done }) => done)).toEqual([true, true]);
    expect((await run.finished).status).toBe("completed");
  });

  test("with a provider that never answers ends when it is stopped", async () => {
    const provider = { send: () => new Promise<never>(() => {}), close: async () => {} };
    const run = open({ provider });
    for await (const { kind } of run.events) if (kind === "call-sent") break;
    expect((await run.stop()).status).toBe("interrupted");
  });

  test("with a provider of which one answer has no text fails that row and goes on", async () => {
    const provider = new QuickProvider((prompt) =>
      prompt === "ask 3" ? Object({ kind: "replied", reply: { text: null } }) : reply(prompt),
    );
    const { rows } = await open({ provider, maxErrorRate: 1 }).finished;
    expect(rows).toMatchObject({ done: 9, failed: 1 });
  });

  test("whose rows do not come on ends when it is stopped", async () => {
    let passes = 0;
    const rows = async function* () {
      passes += 1;
      yield* makeRows(2);
      // The rows are gone through once beforehand.
      if (passes > 1) await new Promise(() => {});
      yield* makeRows(2);
    };
    const run = open({ rows });
    for await (const { kind } of run.events) if (kind === "row-ended") break;
    expect((await run.stop()).status).toBe("interrupted");
  });

  test("leaves a provider that was handed in open, for other runs", async () => {
    const provider = new QuickProvider();
    let closed = 0;
    provider.close = async () => void (closed += 1);
    await open({ provider }).finished;
    expect(closed).toBe(0);
  });

  test("tells the end of a row once, over all its processes", async () => {
    const stateDirectory = temporaryDirectory();
    const pipeline: PipelineDefinition = {
      ...PIPELINE,
      steps: [
        ...PIPELINE.steps,
        { id: "then", messages: [{ role: "user", content: "{{ row.n }} {{ steps.sum.output }}" }] },
      ],
    };
    let ended = 0;
    const onEvent = ({ kind }: RunEvent) => void (ended += kind === "row-ended" ? 1 : 0);
    await open({ stateDirectory, pipeline, onEvent }).finished;
    await open({ stateDirectory, pipeline, onEvent }).finished;
    expect(ended).toBe(10);
  });

  test("that is over stays as it ended when it is stopped", async () => {
    const run = open();
    await run.finished;
    expect((await run.stop()).status).toBe("completed");
    expect(run.keys()).toMatchObject([{ name: "main", inFlight: 0, succeeded: 13 }]);
  });

  test("goes by the clock that it is given", async () => {
    const { run, finish } = startModelledRun({
      pipeline: PIPELINE,
      rows: makeRows(10),
      concurrency: 1,
      stateDirectory: temporaryDirectory(),
    });
    // Thirteen calls of a second each, one after the other.
    expect((await finish()).durationMs).toBeGreaterThan(6_500);
    expect(await take(run)).toEqual(ALL);
  });

  test("writes its outputs, groups too", async () => {
    const directory = temporaryDirectory();
    const here = process.cwd();
    process.chdir(directory);
    try {
      const outputs = [
        { file: "rows.csv" },
        { file: "groups.csv", groups: "sum" },
        { file: "r.md" },
      ];
      const run = open({ pipeline: { ...PIPELINE, outputs }, outputFiles: [] });
      expect((await run.finished).outputs).toEqual(["rows.csv", "groups.csv", "r.md"]);
      expect(readFileSync("groups.csv", "utf8")).toMatch(
        /^group,rows,sum,__status,[^]*even,5,sum even 5,done/,
      );
      expect(readFileSync("r.md", "utf8")).toMatch(/## sum\n\n### even\n\nsum even 5/);
    } finally {
      process.chdir(here);
    }
  });

  test("of a pipeline that is no file writes nothing that it was not told to", async () => {
    const directory = temporaryDirectory();
    const here = process.cwd();
    process.chdir(directory);
    try {
      const run = open({ outputFiles: [], stateDirectory: temporaryDirectory() });
      expect((await run.finished).outputs).toEqual([]);
      expect(await take(run)).toEqual(ALL);
      expect(readdirSync(directory)).toEqual([]);
    } finally {
      process.chdir(here);
    }
  });

  test("whose place a fresh one took gives nobody the results of that one", async () => {
    const stateDirectory = temporaryDirectory();
    const first = open({ stateDirectory });
    await first.finished;
    const second = open({ stateDirectory, fresh: true });
    const { runId } = await second.finished;
    await expect(take(first)).rejects.toMatchObject({
      code: "run-changed",
      message: expect.stringContaining(`run ${runId} took its place`),
    });
    expect(await take(second)).toEqual(ALL);
  });

  test("whose rows are gone when it is over tells that, and what it was", async () => {
    const directory = temporaryDirectory();
    const rows = join(directory, "rows.jsonl");
    writeFileSync(
      rows,
      makeRows(3)
        .map((row) => `${JSON.stringify(row)}\n`)
        .join(""),
    );
    const run = open({ rows });
    await run.finished;
    rmSync(rows);
    await expect(Array.fromAsync(run.results())).rejects.toMatchObject({
      code: "run-changed",
      message: expect.stringMatching(/rows\.jsonl.*`fresh`/),
    });
  });
});

test("the types of the door say what the values are", () => {
  expectTypeOf<Run["results"]>().returns.toEqualTypeOf<AsyncIterable<FinishedSubject>>();
  expectTypeOf<Run["finished"]>().resolves.toEqualTypeOf<RunSummary>();
  expectTypeOf<Extract<FinishedSubject, { per: "row" }>["row"]>().toEqualTypeOf<JsonObject>();
  expectTypeOf<{ name: string; steps: [] }>().toExtend<PipelineDefinition>();
  // @ts-expect-error a step has an id
  const nameless: PipelineDefinition = { name: "n", steps: [{ messages: [] }] };
  // @ts-expect-error rows run, groups run, the run runs; columns do not
  const columns: PipelineDefinition = { name: "n", steps: [{ id: "a", per: "column" }] };
  expect([nameless, columns]).toHaveLength(2);
});
