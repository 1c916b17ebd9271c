import fc from "fast-check";
import { expect, test } from "vitest";
import { MemoryJournal } from "../../testing/memory-journal.ts";
import {
  failure,
  ModelledProvider,
  reply,
  type Behaviour,
} from "../../testing/modelled-provider.ts";
import {
  modelGrouping,
  modelPipeline,
  modelStep,
  runModelled,
} from "../../testing/modelled-run.ts";
import { MortalJournal } from "../../testing/mortal-journal.ts";
import { VirtualClock } from "../clock/virtual-clock.ts";
import { listSteps, type Pipeline, type Stage, type Step } from "../pipeline/pipeline.ts";
import type { CallSelection, Journal } from "../vocabulary/journal.ts";
import type { JsonObject } from "../vocabulary/json.ts";
import { createRandom } from "../vocabulary/random.ts";
import { arrangePasses } from "./arrange-passes.ts";

const BY_PRODUCT = modelGrouping("product");

function setUp(behaviour: Behaviour, seed = 1) {
  const clock = new VirtualClock();
  const random = createRandom(seed);
  const journal = new MemoryJournal();
  return { clock, random, journal, provider: new ModelledProvider(clock, random, behaviour) };
}

/** A step over groups that asks about the rows it sees and what they replied. */
function overGroup(id: string, more: Partial<Step> = {}): Step {
  return modelStep(id, {
    per: "group",
    prompt: {
      render: ({ group }) => [
        { role: "user", content: `${id} ${group?.key}: ${JSON.stringify(group?.rows)}` },
      ],
    },
    ...more,
  });
}

function withStages(...stages: readonly Stage[]): Pipeline {
  return { ...modelPipeline([]), stages };
}

const ASK: Stage = { per: "row", steps: [modelStep("ask")] };
const SUM: Stage = { per: "group", grouping: BY_PRODUCT, steps: [overGroup("sum")] };

function makeRows(...products: readonly string[]): JsonObject[] {
  return products.map((product, number) => ({ number, product }));
}

async function read(journal: Journal, selection: CallSelection) {
  const calls = await Array.fromAsync(journal.readCalls(selection));
  return calls.map(({ id, result }) => ({ step: id.step, ...result }));
}

const group = (key: string) => ({ per: "group", by: BY_PRODUCT.by, key }) as const;

test("a group begins as its last row ends, while other rows are still at work", async () => {
  const parts = setUp(({ prompt }) => reply(`re: ${prompt}`));
  const rows = makeRows("kettle", "kettle", ...Array.from({ length: 40 }, () => "lamp"));
  await runModelled({ ...parts, pipeline: withStages(ASK, SUM), rows });
  const prompts = parts.provider.sends.map(({ prompt }) => prompt);
  const kettles = prompts.findIndex((prompt) => prompt.startsWith("sum kettle"));
  expect(kettles).toBeGreaterThan(1);
  expect(kettles).toBeLessThan(20);
  expect(prompts.at(-1)).toMatch(/^sum lamp/);
});

test("a group sees its rows in input order, with what came of each", async () => {
  let seen: unknown;
  const prompt = {
    render: ({ group: found }: { group?: unknown }) => {
      seen = found;
      return [{ role: "user" as const, content: "sum" }];
    },
  };
  const parts = setUp(({ prompt: asked }) => reply(`re: ${asked}`));
  const stage = { ...SUM, steps: [overGroup("sum", { prompt })] };
  const rows = makeRows("kettle", "kettle", "kettle");
  await runModelled({ ...parts, pipeline: withStages(ASK, stage), rows });
  expect(seen).toMatchObject({
    key: "kettle",
    counts: { total: 3, done: 3, failed: 0 },
    rows: [0, 1, 2].map((number) => ({
      line: number + 2,
      row: { number },
      status: "done",
      steps: { ask: { status: "done", output: `re: ask: ${number}` } },
    })),
  });
});

test("rows that failed are left out of a group, or fail its step, as the step says", async () => {
  const rows = makeRows("kettle", "kettle", "lamp", "radio");
  const behave: Behaviour = ({ prompt }) =>
    prompt === "ask: 1" || prompt === "ask: 3" ? failure({ class: "caller-fault" }) : reply("yes");
  for (const onRowError of ["skip", "fail"] as const) {
    const parts = setUp(behave);
    const stage = { ...SUM, steps: [overGroup("sum", { onRowError })] };
    const pipeline = withStages(ASK, stage);
    const { tally } = await runModelled({ ...parts, pipeline, rows });
    const prompts = parts.provider.sends.map(({ prompt }) => prompt).join("\n");
    expect(prompts).not.toMatch(/sum kettle.*"number":1/);
    expect(await read(parts.journal, group("lamp"))).toMatchObject([{ status: "done" }]);
    const isSkip = onRowError === "skip";
    expect(await read(parts.journal, group("kettle"))).toMatchObject([
      isSkip
        ? { status: "done" }
        : {
            status: "failed",
            error: {
              code: "rows-failed",
              message: "1 of the 2 rows that it stands on have no result",
            },
          },
    ]);
    expect(await read(parts.journal, group("radio"))).toMatchObject([
      { status: isSkip ? "skipped" : "failed" },
    ]);
    expect(tally.groups).toMatchObject(
      isSkip ? { done: 2, skipped: 1, failed: 0 } : { done: 1, failed: 2 },
    );
  }
});

test("groups by a reply begin when all rows have ended; rows without that reply are in none", async () => {
  const grouping = modelGrouping("", "ask");
  const stage: Stage = { per: "group", grouping, steps: [overGroup("sum")] };
  const parts = setUp(({ prompt }) => {
    if (prompt === "ask: 2") return failure({ class: "caller-fault" });
    return reply(prompt.startsWith("ask") ? (Number(prompt.slice(5)) % 2 ? "odd" : "even") : "sum");
  });
  await runModelled({ ...parts, pipeline: withStages(ASK, stage), rows: 6 });
  const sums = parts.provider.sends.slice(6).map(({ prompt }) => prompt);
  expect(sums.map((prompt) => prompt.match(/"number":\d/g)?.length)).toEqual([2, 3]);
  expect(sums[0]).toMatch(/^sum even/);
  expect(sums[1]).toMatch(/^sum odd/);
});

test("a row step behind a group step sees its own group's reply, and is skipped without one", async () => {
  const then = modelStep("then", {
    needs: ["sum"],
    prompt: {
      render: ({ row, steps }) => [
        { role: "user", content: `then ${JSON.stringify(row?.["number"])}: ${steps["sum"]?.text}` },
      ],
    },
  });
  const parts = setUp(({ prompt }) =>
    prompt.startsWith("sum lamp") ? failure({ class: "caller-fault" }) : reply(prompt.slice(0, 10)),
  );
  const rows = makeRows("kettle", "lamp", "kettle");
  const pipeline = withStages(ASK, SUM, { per: "row", steps: [then] });
  const { events } = await runModelled({ ...parts, pipeline, rows });
  expect(parts.provider.sends.slice(-2).map(({ prompt }) => prompt)).toEqual([
    "then 0: sum kettle",
    "then 2: sum kettle",
  ]);
  const ofRows = await read(parts.journal, { per: "row" });
  expect(ofRows.filter(({ step }) => step === "then")).toMatchObject([
    { status: "done" },
    { status: "skipped", reason: "needs sum, which is failed" },
    { status: "done" },
  ]);
  // A row ends once, when all its steps have.
  expect(events.filter(({ kind }) => kind === "row-ended")).toHaveLength(3);
});

test("a step over the run sees groups where their first rows stand, whatever ended first", async () => {
  let seen: unknown;
  const digest = modelStep("digest", {
    per: "run",
    references: [{ path: ["groups"], place: {} }],
    prompt: {
      render: ({ groups, rows }) => {
        seen = { groups, rows };
        return [{ role: "user", content: "digest" }];
      },
    },
  });
  const parts = setUp(({ prompt }) => reply(prompt.slice(0, 9)));
  const rows = makeRows(
    ...Array.from({ length: 30 }, (_, n) => (n % 3 ? "lamp" : "kettle")),
    "fan",
  );
  const pipeline = withStages(ASK, SUM, { per: "run", steps: [digest] });
  await runModelled({ ...parts, pipeline, rows });
  expect(seen).toMatchObject({
    // It does not name rows, so they are not read.
    rows: [],
    groups: [
      { key: "kettle", counts: { total: 10 }, steps: { sum: { text: "sum kettl" } } },
      { key: "lamp", counts: { total: 20 }, status: "done" },
      { key: "fan", counts: { total: 1 }, error: "" },
    ],
  });
});

test("a group whose rows are too much for one prompt fails with what to do, and the others go on", async () => {
  const parts = setUp(() => reply("yes"));
  const rows = [
    ...makeRows("kettle"),
    { number: 1, product: "lamp", body: "x".repeat(17 * 2 ** 20) },
  ];
  await runModelled({ ...parts, pipeline: withStages(ASK, SUM), rows });
  expect(await read(parts.journal, group("kettle"))).toMatchObject([{ status: "done" }]);
  expect(await read(parts.journal, group("lamp"))).toMatchObject([
    { error: { code: "group-too-large", message: expect.stringContaining("make smaller groups") } },
  ]);
});

test("what failed is tried again with all that stands on it, and nothing else", async () => {
  let isBroken = true;
  const parts = setUp(({ prompt }) =>
    isBroken && prompt === "ask: 3"
      ? failure({ class: "caller-fault" })
      : reply(prompt.slice(0, 6)),
  );
  const digest = modelStep("digest", {
    per: "run",
    references: [{ path: ["groups"], place: {} }],
    prompt: { render: ({ groups }) => [{ role: "user", content: JSON.stringify(groups) }] },
  });
  const pipeline = withStages(ASK, SUM, { per: "run", steps: [digest] });
  const rows = makeRows("kettle", "lamp", "lamp", "kettle");
  const run = () => runModelled({ ...parts, pipeline, rows });
  await run();
  expect(parts.provider.sends).toHaveLength(7);
  await run();
  expect(parts.provider.sends).toHaveLength(7);

  isBroken = false;
  await parts.journal.forgetFailures();
  await run();
  const again = parts.provider.sends.slice(7).map(({ prompt }) => prompt.slice(0, 8));
  expect(again).toEqual(["ask: 3", "sum kett", '[{"key":']);
  await parts.journal.forgetFailures();
  await run();
  expect(parts.provider.sends).toHaveLength(10);
});

test("a changed step over groups is made anew, and no row is sent for it", async () => {
  const parts = setUp(() => reply("yes"));
  for (const id of ["sum", "sum", "other"]) {
    const prompt = { render: () => [{ role: "user" as const, content: id }] };
    const stage = { ...SUM, steps: [overGroup("sum", { prompt })] };
    await runModelled({
      ...parts,
      pipeline: withStages(ASK, stage),
      rows: makeRows("a", "b", "a"),
    });
  }
  expect(parts.provider.sends.map(({ prompt }) => prompt)).toEqual(
    expect.arrayContaining(["sum", "sum", "other", "other"]),
  );
  expect(parts.provider.sends).toHaveLength(7);
});

test("stages over groups take the pass of the rows before them; others make rows pass again", () => {
  const run: Stage = { per: "run", steps: [modelStep("digest", { per: "run" })] };
  const more: Stage = { per: "row", steps: [modelStep("then")] };
  const passes = arrangePasses([ASK, SUM, run, SUM, more]);
  expect(
    passes.map((pass) => [
      pass.kind,
      pass.steps.map(({ id }) => id),
      pass.kind === "rows" ? pass.groupStages.length : 0,
      pass.kind === "rows" && pass.endsRows,
    ]),
  ).toEqual([
    ["rows", ["ask"], 1, false],
    ["run", ["digest"], 0, false],
    ["rows", [], 1, false],
    ["rows", ["then"], 0, true],
  ]);
});

test("whatever dies and fails: rows, groups and the run end once, and no reply is asked for twice", async () => {
  const life = fc.record({
    seed: fc.nat(),
    products: fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 25 }),
    deathsMs: fc.array(fc.integer({ min: 0, max: 9_000 }), { maxLength: 4 }),
    faultShare: fc.double({ min: 0, max: 0.4, noNaN: true }),
  });
  const digest = modelStep("digest", {
    per: "run",
    references: [
      { path: ["rows"], place: {} },
      { path: ["groups"], place: {} },
    ],
    prompt: {
      render: ({ rows, groups }) => [{ role: "user", content: JSON.stringify([rows, groups]) }],
    },
  });
  const then = modelStep("then", {
    needs: ["sum"],
    prompt: {
      render: ({ row, steps }) => [
        { role: "user", content: `then ${JSON.stringify([row, steps["sum"]?.text])}` },
      ],
    },
  });
  const pipeline = {
    ...withStages(ASK, SUM, { per: "row", steps: [then] }, { per: "run", steps: [digest] }),
    limits: { ...modelPipeline([]).limits, maxFaults: 60 },
  };
  await fc.assert(
    fc.asyncProperty(life, async ({ seed, products, deathsMs, faultShare }) => {
      const random = createRandom(seed);
      const journal = new MortalJournal();
      const answers = new Map<string, number>();
      const behave: Behaviour = ({ prompt }) => {
        if (random() < faultShare) return failure({ class: "transient" });
        answers.set(prompt, (answers.get(prompt) ?? 0) + 1);
        return reply(`re: ${prompt.length} ${prompt.slice(0, 40)}`);
      };
      const rows = makeRows(...products);
      const groups = new Set(products).size;
      let last: Awaited<ReturnType<typeof runModelled>> | undefined;
      for (const deathMs of [...deathsMs, undefined]) {
        const clock = new VirtualClock();
        const provider = new ModelledProvider(clock, random, behave);
        journal.revive();
        if (deathMs !== undefined) clock.schedule(deathMs, () => journal.die());
        const run = runModelled({ clock, random, journal, provider, pipeline, rows });
        last = await run.catch(() => undefined);
      }
      const rowSteps = listSteps(pipeline, "row").map(({ id }) => id);
      expect((await journal.readTotals(rowSteps)).rows.done).toBe(rows.length);
      expect(last?.tally.groups).toMatchObject({ done: groups, failed: 0 });
      expect(await read(journal, { per: "run" })).toMatchObject([{ status: "done" }]);
      expect(answers.size).toBe(2 * rows.length + groups + 1);
      const repeated = [...answers.values()].reduce((sum, count) => sum + count - 1, 0);
      expect(repeated).toBeLessThanOrEqual(8 * deathsMs.length);
    }),
    { numRuns: 100 },
  );
});
