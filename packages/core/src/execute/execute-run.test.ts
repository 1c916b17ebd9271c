import fc from "fast-check";
import { expect, test } from "vitest";
import { VirtualClock } from "../clock/virtual-clock.ts";
import { MemoryJournal } from "../../testing/memory-journal.ts";
import { sleep } from "../vocabulary/clock.ts";
import { StorageError } from "../vocabulary/error.ts";
import type { Pipeline, Step } from "../pipeline/pipeline.ts";
import type { CallId, CallRecord, Journal } from "../vocabulary/journal.ts";
import type { Provider } from "../vocabulary/provider.ts";
import type { RowSource } from "../vocabulary/row-source.ts";
import { createRandom } from "../vocabulary/random.ts";
import type { RunControl } from "./run-control.ts";
import { MortalJournal } from "../../testing/mortal-journal.ts";
import {
  failure,
  ModelledProvider,
  reply,
  USAGE,
  type Behaviour,
} from "../../testing/modelled-provider.ts";
import { modelPipeline, modelRows, modelStep, runModelled } from "../../testing/modelled-run.ts";

const onRow = (step: string, ordinal: number): CallId => ({
  step,
  subject: { per: "row", ordinal, content: JSON.stringify({ number: ordinal }) },
});

const SEND = { key: "a", worstCaseUsd: 0 };

function setUp(behaviour: Behaviour, seed = 1) {
  const clock = new VirtualClock();
  const random = createRandom(seed);
  const journal = new MemoryJournal();
  return { clock, random, journal, provider: new ModelledProvider(clock, random, behaviour) };
}

function readRows(journal: Journal, from: number, to: number): Promise<CallRecord[]> {
  return Array.fromAsync(journal.readCalls({ per: "row", from, to }));
}

async function statusesOf(journal: Journal, rows: number, step = "ask") {
  return (await readRows(journal, 0, rows))
    .filter(({ id }) => id.step === step)
    .map(({ result }) => result?.status);
}

const ASK = modelPipeline([modelStep("ask")]);

function withDigest(digest: Step): Pipeline {
  const stages = [...ASK.stages, { per: "run" as const, steps: [digest] }];
  return { ...ASK, stages };
}

test("every row is asked about once, at most as many at a time as allowed", async () => {
  let inFlight = 0;
  let most = 0;
  const parts = setUp(({ prompt }) => {
    inFlight -= 1;
    return reply(`answer to ${prompt}`);
  });
  const { provider } = parts;
  const send = provider.send.bind(provider);
  provider.send = (...args) => {
    inFlight += 1;
    most = Math.max(most, inFlight);
    return send(...args);
  };
  await runModelled({ ...parts, pipeline: ASK, rows: 100 });
  expect(new Set(provider.sends.map(({ prompt }) => prompt)).size).toBe(100);
  expect(provider.sends).toHaveLength(100);
  expect(most).toBe(8);
  expect(await statusesOf(parts.journal, 100)).toEqual(Array.from({ length: 100 }, () => "done"));
});

test("a row that fails is a row with its reason, and the run goes on", async () => {
  const parts = setUp(({ prompt }) =>
    prompt === "ask: 3"
      ? failure({ class: "caller-fault", code: "context-too-long", message: "too long" })
      : reply("yes"),
  );
  const { events } = await runModelled({ ...parts, pipeline: ASK, rows: 6 });
  expect((await readRows(parts.journal, 3, 4))[0]?.result?.error).toEqual({
    code: "context-too-long",
    message: "too long",
  });
  const ended = events.filter((event) => event.kind === "row-ended");
  expect(ended.filter(({ status }) => status === "done")).toHaveLength(5);
  expect(ended.find(({ status }) => status === "failed")).toMatchObject({ ordinal: 3, line: 5 });
});

test("passing faults are tried again up to the limit, then the row fails", async () => {
  const parts = setUp(({ prompt, attempt }) =>
    prompt === "ask: 0" || attempt < 3
      ? failure({ class: "transient", code: "unavailable" })
      : reply("at last"),
  );
  const { tally } = await runModelled({ ...parts, pipeline: ASK, rows: 2 });
  expect(await statusesOf(parts.journal, 2)).toEqual(["failed", "done"]);
  expect(parts.provider.sends).toHaveLength(6);
  expect(tally).toMatchObject({ sent: 6, succeeded: 1, retried: 4 });
});

test("a server that asks for a day after a passing fault holds the row for minutes", async () => {
  const parts = setUp(({ attempt }) =>
    attempt < 2 ? failure({ class: "transient", retryAfterMs: 86_400_000 }) : reply("at last"),
  );
  const begunAt = parts.clock.now();
  await runModelled({ ...parts, pipeline: ASK, rows: 1 });
  expect(await statusesOf(parts.journal, 1)).toEqual(["done"]);
  expect(parts.clock.now() - begunAt).toBeGreaterThan(60_000);
  expect(parts.clock.now() - begunAt).toBeLessThan(600_000);
});

test("throttles cost a call nothing of its faults", async () => {
  const parts = setUp(({ attempt }) =>
    attempt < 8 ? failure({ class: "throttled", retryAfterMs: 100 }) : reply("at last"),
  );
  await runModelled({ ...parts, pipeline: ASK, rows: 1 });
  expect(await statusesOf(parts.journal, 1)).toEqual(["done"]);
  expect((await readRows(parts.journal, 0, 1))[0]).toMatchObject({ attempts: 8 });
});

test("throttles before a passing fault do not use up what a call may have of those", async () => {
  const parts = setUp(({ attempt }) => {
    if (attempt < 8) return failure({ class: "throttled", retryAfterMs: 100 });
    return attempt === 8 ? failure({ class: "transient" }) : reply("at last");
  });
  await runModelled({ ...parts, pipeline: ASK, rows: 1 });
  expect(await statusesOf(parts.journal, 1)).toEqual(["done"]);
});

test("a request that is wrong is sent once", async () => {
  const parts = setUp(() => failure({ class: "caller-fault", code: "invalid-request" }));
  await runModelled({ ...parts, pipeline: ASK, rows: 3 });
  expect(await statusesOf(parts.journal, 3)).toEqual(["failed", "failed", "failed"]);
  expect(parts.provider.sends).toHaveLength(3);
});

test("a key that dies in mid-run fails no row, and is not used after its rejection was read", async () => {
  let deadSends = 0;
  const parts = setUp(({ key, prompt }) => {
    if (key !== "a" || Number(prompt.slice(5)) < 20) return reply("yes");
    deadSends += 1;
    return failure({ class: "key-revoked", message: "revoked" });
  });
  const { events } = await runModelled({ ...parts, pipeline: ASK, rows: 60 });
  expect(await statusesOf(parts.journal, 60)).not.toContain("failed");
  expect(deadSends).toBeLessThanOrEqual(8);
  expect(events.filter(({ kind }) => kind === "key-rejected")).toHaveLength(1);
});

test("with all keys gone the run stops, no row is failed for it, and it can be continued", async () => {
  const parts = setUp(() => failure({ class: "key-revoked", message: "revoked" }));
  const { stopped } = await runModelled({ ...parts, pipeline: ASK, rows: 50 });
  expect(stopped).toMatchObject({ reason: "no-usable-key" });
  expect(await parts.journal.readTotals(["ask"])).toMatchObject({
    rows: { failed: 0 },
    openCalls: 0,
  });

  const { clock, random, journal } = parts;
  const provider = new ModelledProvider(clock, random, () => reply("yes"));
  await runModelled({ clock, random, journal, provider, pipeline: ASK, rows: 50 });
  expect((await journal.readTotals(["ask"])).rows.done).toBe(50);
});

test("a refused machine stops the run and burns no further key", async () => {
  const parts = setUp(() => failure({ class: "environment", message: "not from here" }));
  const { stopped } = await runModelled({ ...parts, pipeline: ASK, rows: 50 });
  expect(stopped).toMatchObject({ reason: "environment", message: "not from here" });
  expect(parts.provider.sends.length).toBeLessThanOrEqual(8);
});

test("where every call is refused alike the run stops after a few, and fails no row", async () => {
  const message = "Unsupported parameter: temperature";
  const parts = setUp(() => failure({ class: "caller-fault", code: "invalid-request", message }));
  const { stopped } = await runModelled({ ...parts, pipeline: ASK, rows: 400 });
  expect(stopped).toMatchObject({ reason: "refused-alike" });
  expect(stopped?.message).toMatch(/refused alike by http.*: Unsupported parameter: temperature/);
  expect(parts.provider.sends.length).toBeLessThanOrEqual(16);
  expect(await parts.journal.readTotals(["ask"])).toMatchObject({
    rows: { failed: 0 },
    openCalls: 0,
  });
});

test("rows that are refused alike fail by themselves where others are served", async () => {
  const wrong = failure({ class: "caller-fault", code: "invalid-request", message: "no text" });
  const parts = setUp(({ prompt }) => (/[1-8]$/.test(prompt) ? wrong : reply("yes")));
  const { stopped } = await runModelled({ ...parts, pipeline: ASK, rows: 100 });
  expect(stopped).toBeUndefined();
  expect((await parts.journal.readTotals(["ask"])).rows).toMatchObject({ done: 20, failed: 80 });
});

test("two rows that are refused alike are no proof, and fail", async () => {
  const wrong = failure({ class: "caller-fault", code: "invalid-request", message: "no text" });
  const parts = setUp(() => wrong);
  const { stopped } = await runModelled({ ...parts, pipeline: ASK, rows: 2 });
  expect(stopped).toBeUndefined();
  expect((await parts.journal.readTotals(["ask"])).rows.failed).toBe(2);
});

test("an interruption lets calls in flight end, sends nothing new, and is over in seconds", async () => {
  const parts = setUp(() => reply("yes"));
  const { clock, journal, provider } = parts;
  const { stopped } = await runModelled({
    ...parts,
    pipeline: ASK,
    rows: 50,
    whileRunning: (control) => clock.schedule(2_100, () => control.stop("interrupted", "stop")),
  });
  expect(stopped?.reason).toBe("interrupted");
  expect(clock.now()).toBeLessThan(5_100);
  const { rows, openCalls } = await journal.readTotals(["ask"]);
  expect(openCalls).toBe(0);
  expect(rows.done).toBe(provider.sends.length);
});

test("calls that nobody answers are cut off when the grace of an interruption is over", async () => {
  const { clock, random, journal } = setUp(() => reply("yes"));
  const provider: Provider = {
    send: async (...[, , { signal }]) => {
      await sleep(clock, 60_000, { signal });
      return reply("late");
    },
    close: async () => {},
  };
  await runModelled({
    clock,
    random,
    journal,
    provider,
    pipeline: ASK,
    rows: 5,
    whileRunning: (control) => clock.schedule(1_000, () => control.stop("interrupted", "stop")),
  });
  expect(clock.now()).toBeLessThan(5_000);
  expect((await journal.readTotals(["ask"])).rows.done).toBe(0);
});

test("a reply that does not fit its schema is kept, with what it cost", async () => {
  const output = {
    kind: "json-schema",
    name: "ask",
    schema: {},
    strict: false,
    fields: ["urgency"],
    check: () => ["/urgency: must be one of low, high"],
  } as const;
  const parts = setUp(() => reply('{"urgency":"purple"}'));
  const pipeline = modelPipeline([
    modelStep("ask", { output: { ...output, check: () => ["no"] } }),
  ]);
  await runModelled({ ...parts, pipeline, rows: 1 });
  expect((await readRows(parts.journal, 0, 1))[0]?.result).toMatchObject({
    status: "failed",
    text: '{"urgency":"purple"}',
    error: { code: "output-invalid" },
    usage: { inputTokens: 100 },
  });
  expect((await parts.journal.readTotals(["ask"])).costUsd).toBeGreaterThan(0);
});

test("a step that needs a step which failed or was skipped is skipped, and says so", async () => {
  const when = { source: "false", evaluate: () => false };
  const pipeline = modelPipeline([
    modelStep("ask", { when }),
    modelStep("then", { needs: ["ask"] }),
    modelStep("apart"),
  ]);
  const parts = setUp(() => reply("yes"));
  await runModelled({ ...parts, pipeline, rows: 1 });
  expect(
    (await readRows(parts.journal, 0, 1)).map(({ id, result }) => [id.step, result?.status]),
  ).toEqual([
    ["ask", "skipped"],
    ["then", "skipped"],
    ["apart", "done"],
  ]);
  expect(parts.provider.sends).toHaveLength(1);
});

test("a step over the run sees every row with what came of it", async () => {
  let seen: readonly object[] = [];
  const digest = modelStep("digest", {
    per: "run",
    references: [{ path: ["rows"], place: {} }],
    prompt: {
      render: ({ rows = [] }) => {
        seen = rows;
        return [{ role: "user", content: "sum it up" }];
      },
    },
  });
  const parts = setUp(({ prompt }) => reply(`re: ${prompt}`));
  const pipeline = withDigest(digest);
  await runModelled({ ...parts, pipeline, rows: 5 });
  expect(seen).toHaveLength(5);
  expect(seen[4]).toMatchObject({ row: { number: 4 }, steps: { ask: { text: "re: ask: 4" } } });
  expect((await Array.fromAsync(parts.journal.readCalls({ per: "run" })))[0]?.result?.text).toBe(
    "re: sum it up",
  );
});

test("a changed step over the run is made anew, and no row is sent for it", async () => {
  const parts = setUp(({ prompt }) => reply(`re: ${prompt}`));
  for (const word of ["once", "once", "twice"]) {
    const render = () => [{ role: "user" as const, content: `sum up ${word}` }];
    const digest = modelStep("digest", { per: "run", prompt: { render } });
    const pipeline = withDigest(digest);
    await runModelled({ ...parts, pipeline, rows: 5 });
  }
  expect(parts.provider.sends).toHaveLength(7);
});

test("a budget is never overshot, and the run says that it is used up", async () => {
  const parts = setUp(() => reply("yes"));
  // At 0.25 and 2 dollars a million, a call of 100 and 50 tokens costs 0.000125.
  const budgetUsd = 0.002;
  const { stopped } = await runModelled({
    ...parts,
    pipeline: ASK,
    rows: 100,
    budgetUsd,
  });
  const { costUsd } = await parts.journal.readTotals(["ask"]);
  expect(stopped?.reason).toBe("budget");
  expect(costUsd).toBeLessThanOrEqual(budgetUsd);
  expect(costUsd).toBeGreaterThan(budgetUsd * 0.8);
});

test("a server that charges twenty times what was reserved gets no call after that is known, of 128", async () => {
  const dear = { inputTokens: 2_000, cachedInputTokens: 0, outputTokens: 1_000 };
  const parts = setUp(() => ({
    kind: "replied",
    reply: { text: "yes", finishReason: "stop", usage: dear },
    rateLimit: undefined,
  }));
  const { provider } = parts;
  const send = provider.send.bind(provider);
  const [costUsd, budgetUsd] = [0.0025, 0.05];
  let [answered, sent, sentInKnowledge] = [0, 0, 0];
  provider.send = async (...args) => {
    sent += 1;
    // Those in flight are going to cost as much as the first that was answered.
    if (answered > 0 && sent * costUsd > budgetUsd) sentInKnowledge += 1;
    const outcome = await send(...args);
    answered += 1;
    return outcome;
  };
  const pipeline = { ...ASK, limits: { ...ASK.limits, concurrency: 128 } };
  const keys = Array.from({ length: 64 }, (_, number) => `key-${number}`);
  const { stopped } = await runModelled({ ...parts, pipeline, rows: 1_000, budgetUsd, keys });
  expect(stopped).toMatchObject({
    reason: "budget",
    message: expect.stringMatching(/^the budget of \$0\.05 is used up: \$0\.\d+ spent$/),
  });
  expect(sentInKnowledge).toBe(0);
  expect(sent).toBeLessThanOrEqual(128);
  expect(await parts.journal.readTotals([])).toMatchObject({ openCalls: 0, unknownCostUsd: 0 });
});

test("one dear call holds the others back, and does not end a run that the budget carries", async () => {
  const dear = { inputTokens: 2_000, cachedInputTokens: 0, outputTokens: 1_000 };
  const parts = setUp(({ prompt }) => ({
    kind: "replied",
    reply: { text: prompt, finishReason: "stop", usage: prompt === "ask: 0" ? dear : USAGE },
    rateLimit: undefined,
  }));
  const pipeline = { ...ASK, limits: { ...ASK.limits, concurrency: 128 } };
  const { stopped } = await runModelled({ ...parts, pipeline, rows: 200, budgetUsd: 0.05 });
  expect(stopped).toBeUndefined();
  expect(parts.provider.sends).toHaveLength(200);
  expect(await parts.journal.readTotals([])).toMatchObject({ openCalls: 0, unknownCostUsd: 0 });
});

test.each([Number.MAX_SAFE_INTEGER, 1e9])(
  "usage of %d tokens is not believed, and told once; the run goes on at its pace",
  async (tokens) => {
    const usage = { inputTokens: tokens, cachedInputTokens: 0, outputTokens: tokens };
    const parts = setUp(() => ({
      kind: "replied",
      reply: { text: "yes", finishReason: "stop", usage, requestId: undefined },
      rateLimit: undefined,
    }));
    const begunAt = parts.clock.now();
    const { events } = await runModelled({ ...parts, pipeline: ASK, rows: 40 });
    expect(await statusesOf(parts.journal, 40)).not.toContain("failed");
    expect(parts.clock.now() - begunAt).toBeLessThan(20_000);
    expect(events.filter(({ kind }) => kind === "notice")).toHaveLength(1);
    expect(await parts.journal.readTotals(["ask"])).toMatchObject({
      usage: { inputTokens: 0, outputTokens: 0 },
      unpricedCalls: 40,
    });
  },
);

test.each([
  ["nested too deeply", "[".repeat(5_000) + "]".repeat(5_000), /nested deeper than 64 levels/],
  [
    "with digits that would be lost",
    '{"id": 12345678901234567891}',
    /12345678901234567891 cannot be kept/,
  ],
])("a reply %s fails its row, and the others are delivered", async (_, text, message) => {
  const output = { kind: "json-object", fields: [], check: () => [] } as const;
  const parts = setUp(({ prompt }) => reply(prompt === "ask: 1" ? text : "{}"));
  const pipeline = modelPipeline([modelStep("ask", { output })]);
  await runModelled({ ...parts, pipeline, rows: 3 });
  expect(await statusesOf(parts.journal, 3)).toEqual(["done", "failed", "done"]);
  const error = (await readRows(parts.journal, 1, 2))[0]?.result?.error;
  expect(error).toMatchObject({ code: "output-invalid", message: expect.stringMatching(message) });
});

test("a reservation learns from the dearest call of its step", async () => {
  const dear = { inputTokens: 2_000, cachedInputTokens: 0, outputTokens: 1_000 };
  const parts = setUp(() => ({
    kind: "replied",
    reply: { text: "yes", finishReason: "stop", usage: dear, requestId: undefined },
    rateLimit: undefined,
  }));
  const pipeline = { ...ASK, limits: { ...ASK.limits, concurrency: 1 } };
  await runModelled({ ...parts, pipeline, rows: 100, budgetUsd: 0.01 });
  expect((await parts.journal.readTotals(["ask"])).costUsd).toBeLessThanOrEqual(0.01);
  expect(parts.provider.sends).toHaveLength(4);
});

test("rows that cannot be read end the waits for limits, not the calls in flight", async () => {
  const parts = setUp(({ prompt }) =>
    prompt === "ask: 0" ? reply("yes") : failure({ class: "throttled", retryAfterMs: 3_600_000 }),
  );
  const { clock, journal } = parts;
  const source: RowSource = {
    ...modelRows([{ number: 0 }, { number: 1 }, { number: 2 }]),
    async *read() {
      yield* modelRows([{ number: 0 }, { number: 1 }]).read();
      await sleep(clock, 600);
      throw new Error("the rows are gone");
    },
  };
  const begunAt = clock.now();
  await expect(runModelled({ ...parts, pipeline: ASK, rows: source })).rejects.toThrow("are gone");
  expect(clock.now() - begunAt).toBeLessThan(60_000);
  expect((await readRows(journal, 0, 1))[0]?.result?.text).toBe("yes");
});

test("each send of which nobody knows the cost is told, with the most that it may have cost", async () => {
  const parts = setUp(({ attempt, prompt }) =>
    attempt === 1
      ? failure({ class: "transient", code: "timed-out", mayHaveBeenProcessed: true })
      : reply(prompt),
  );
  const { events } = await runModelled({ ...parts, pipeline: ASK, rows: 3, budgetUsd: 1 });
  const told = events.filter(({ kind }) => kind === "cost-unknown");
  expect(told).toHaveLength(3);
  const { unknownCostUsd } = await parts.journal.readTotals([]);
  expect(
    told.reduce((sum, event) => sum + ("maxCostUsd" in event ? event.maxCostUsd : 0), 0),
  ).toBeCloseTo(unknownCostUsd, 12);
});

test("a call that was left unanswered too often is set aside instead of sent again", async () => {
  const parts = setUp(() => reply("yes"));
  for (let send = 0; send < 3; send++) await parts.journal.recordSend(onRow("ask", 0), SEND);
  await runModelled({ ...parts, pipeline: ASK, rows: 2 });
  expect((await readRows(parts.journal, 0, 1))[0]?.result?.error?.code).toBe("never-answered");
  expect(parts.provider.sends).toEqual([expect.objectContaining({ prompt: "ask: 1" })]);
});

test("calls that were left open are not sent again when the user asked for that", async () => {
  const parts = setUp(() => reply("yes"));
  await parts.journal.recordSend(onRow("ask", 1), SEND);
  const settings = { onUncertain: "skip" } as const;
  await runModelled({ ...parts, pipeline: ASK, rows: 3, settings });
  expect(await statusesOf(parts.journal, 3)).toEqual(["done", "uncertain", "done"]);
});

test("a send that the end of the run came before is no attempt", async () => {
  const parts = setUp(({ prompt }) => reply(prompt));
  const { journal, provider } = parts;
  const recordSend = journal.recordSend.bind(journal);
  const { whileRunning, stop } = stopLater();
  journal.recordSend = async (id, send) => {
    await recordSend(id, send);
    stop();
  };
  await runModelled({ ...parts, pipeline: ASK, rows: 1, whileRunning });
  expect(provider.sends).toEqual([]);
  expect(await readRows(journal, 0, 1)).toMatchObject([{ attempts: 0, unanswered: 0 }]);
});

/** Something that interrupts a run, made before the run. */
function stopLater() {
  let running: RunControl | undefined;
  return {
    whileRunning: (control: RunControl) => void (running = control),
    stop: () => void running?.stop("interrupted", "enough"),
  };
}

test("a journal that fails ends the run with its error", async () => {
  const parts = setUp(() => reply("yes"));
  let results = 0;
  parts.journal.recordResult = async () => {
    results += 1;
    if (results > 5) throw new StorageError("the disk is full");
  };
  await expect(runModelled({ ...parts, pipeline: ASK, rows: 100 })).rejects.toThrow(StorageError);
  expect(parts.provider.sends.length).toBeLessThan(25);
});

const BOTH = ["ask", "then"];

test("whenever processes die and whatever servers do, each row ends once and few calls are repeated", async () => {
  const life = fc.record({
    seed: fc.nat(),
    rows: fc.integer({ min: 1, max: 40 }),
    deathsMs: fc.array(fc.integer({ min: 0, max: 6_000 }), { maxLength: 4 }),
    faultShare: fc.double({ min: 0, max: 0.5, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(life, async ({ seed, rows, deathsMs, faultShare }) => {
      const random = createRandom(seed);
      const journal = new MortalJournal();
      const answers = new Map<string, number>();
      const sends: string[] = [];
      const behave: Behaviour = ({ prompt }) => {
        const draw = random();
        if (draw < faultShare / 3) return failure({ class: "throttled" });
        if (draw < faultShare)
          return failure({ class: "transient", mayHaveBeenProcessed: draw > 0.3 });
        answers.set(prompt, (answers.get(prompt) ?? 0) + 1);
        return reply("yes");
      };
      const pipeline = modelPipeline([modelStep("ask"), modelStep("then", { needs: ["ask"] })], {
        limits: { ...ASK.limits, maxFaults: 50 },
      });
      for (const deathMs of [...deathsMs, undefined]) {
        const clock = new VirtualClock();
        const provider = new ModelledProvider(clock, random, behave);
        journal.revive();
        const open = (await journal.readTotals(BOTH)).openCalls;
        expect(open).toBeLessThanOrEqual(8);
        if (deathMs !== undefined) clock.schedule(deathMs, () => journal.die());
        const run = runModelled({ clock, random, journal, provider, pipeline, rows });
        // A process that dies never ends its run.
        const ended = await run.catch(() => undefined);
        expect(deathMs !== undefined || ended?.tally.resent === open).toBe(true);
        sends.push(...provider.sends.map(({ prompt }) => prompt));
      }
      expect((await journal.readTotals(BOTH)).rows).toEqual({
        done: rows,
        failed: 0,
        skipped: 0,
        uncertain: 0,
      });
      expect((await journal.readTotals(BOTH)).attempts).toBe(sends.length);
      const repeated = [...answers.values()].reduce((sum, count) => sum + count - 1, 0);
      expect(repeated).toBeLessThanOrEqual(8 * deathsMs.length);
    }),
    { numRuns: 100 },
  );
});
