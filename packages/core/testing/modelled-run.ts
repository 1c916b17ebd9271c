import type { VirtualClock } from "../src/clock/virtual-clock.ts";
import { Budget } from "../src/execute/call/budget.ts";
import { CallCosts } from "../src/execute/call/call-costs.ts";
import { CallSender } from "../src/execute/call/call-sender.ts";
import { executeRun, type ExecutionSettings } from "../src/execute/execute-run.ts";
import { RunControl } from "../src/execute/run-control.ts";
import { startTally } from "../src/execute/tally.ts";
import { createKeyRing } from "../src/keys/ring/create-key-ring.ts";
import type { Grouping, Pipeline, Step } from "../src/pipeline/pipeline.ts";
import { GroupSizeCounter } from "../src/plan/count-groups.ts";
import { FinishedFeed } from "../src/results/finished-feed.ts";
import { TemplateError } from "../src/template/template-error.ts";
import type { RunEvent } from "../src/vocabulary/event.ts";
import type { JsonObject } from "../src/vocabulary/json.ts";
import type { Journal } from "../src/vocabulary/journal.ts";
import type { NamedKey } from "../src/vocabulary/named-key.ts";
import type { Provider } from "../src/vocabulary/provider.ts";
import type { Random } from "../src/vocabulary/random.ts";
import type { RowSource } from "../src/vocabulary/row-source.ts";
import { Secret } from "../src/vocabulary/secret.ts";

function modelKey(name: string): NamedKey {
  return {
    name,
    secret: new Secret("none"),
    limitGroup: name,
    endpoint: { baseUrl: "http://127.0.0.1/v1", organization: undefined, project: undefined },
    models: undefined,
  };
}

/** A step that asks about the row's number, or about the replies of steps it needs. */
export function modelStep(id: string, more: Partial<Step> = {}): Step {
  return {
    id,
    per: "row",
    model: "gpt-5-mini",
    temperature: undefined,
    topP: undefined,
    maxOutputTokens: 100,
    prompt: {
      render: ({ row }) => [{ role: "user", content: `${id}: ${JSON.stringify(row?.["number"])}` }],
    },
    when: undefined,
    output: { kind: "text", fields: [], check: () => [] },
    onRowError: "skip",
    needs: [],
    references: [],
    place: {},
    ...more,
  };
}

export function modelPipeline(rowSteps: readonly Step[], more: Partial<Pipeline> = {}): Pipeline {
  return {
    name: "modelled",
    description: undefined,
    file: "modelled.yml",
    directory: ".",
    keys: undefined,
    input: { id: undefined, columns: undefined, references: [] },
    limits: {
      concurrency: 8,
      budgetUsd: undefined,
      maxErrorRate: 0,
      callTimeoutMs: 60_000,
      maxWaitMs: 3_600_000,
      outageMs: 600_000,
      maxFaults: 3,
    },
    stages: [{ per: "row", steps: rowSteps }],
    outputs: [],
    fingerprints: {},
    ...more,
  };
}

/** Groups by one column; or, with `step`, by what that step replied. */
export function modelGrouping(column: string, step?: string): Grouping {
  return {
    by: step === undefined ? `{{ row.${column} }}` : `{{ steps.${step}.output }}`,
    needsReplies: step !== undefined,
    keyOf: ({ row, steps }) => {
      const value = step === undefined ? row?.[column] : steps[step]?.output;
      if (value === undefined) throw new TemplateError("missing", { offset: 0 });
      return String(value);
    },
  };
}

/** Rows with these values. */
export function modelRows(values: readonly JsonObject[]): RowSource {
  return {
    file: "rows.csv",
    scan: async () => ({ format: "csv", columns: [], count: values.length, fingerprint: "" }),
    async *read() {
      for (const [ordinal, row] of values.entries()) {
        const content = JSON.stringify(row);
        yield { ordinal, id: `row-${ordinal}`, content, line: ordinal + 2, values: row };
      }
    },
  };
}

function openModelRows(rows: number | readonly JsonObject[] | RowSource): RowSource {
  if (typeof rows === "number") {
    return modelRows(Array.from({ length: rows }, (_, number) => ({ number })));
  }
  return "read" in rows ? rows : modelRows(rows);
}

/** Runs the real executor and key ring in virtual time. */
export async function runModelled(options: {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly journal: Journal;
  readonly provider: Provider;
  readonly pipeline: Pipeline;
  /** So many rows with their `number`, rows with these values, or rows from a source. */
  readonly rows: number | readonly JsonObject[] | RowSource;
  readonly keys?: readonly string[];
  readonly budgetUsd?: number;
  readonly settings?: Partial<ExecutionSettings>;
  readonly whileRunning?: (control: RunControl) => void;
}) {
  const { clock, random, journal, provider, pipeline, rows, keys = ["a", "b"] } = options;
  const events: RunEvent[] = [];
  const onEvent = (event: RunEvent) => void events.push(event);
  const control = new RunControl(clock, onEvent);
  const tally = startTally();
  const feed = new FinishedFeed();
  const keyRing = createKeyRing({ keys: keys.map(modelKey), limits: new Map() }, { clock, random });
  const source = openModelRows(rows);
  const parts = { journal, control, tally, clock, random, onEvent };
  const { costUsd, unknownCostUsd } = await journal.readTotals([]);
  const budget = new Budget(options.budgetUsd ?? Infinity, {
    spentUsd: costUsd,
    possibleUsd: unknownCostUsd,
  });
  const callMaker = new CallSender(
    { ...parts, keyRing, provider, budget, costs: new CallCosts() },
    { keys: pipeline.keys, wasServed: false, ...pipeline.limits },
  );
  const counter = new GroupSizeCounter(pipeline, source.file);
  if (pipeline.stages.some(({ per }) => per === "group")) {
    for await (const row of source.read()) counter.add(row);
  }
  const run = executeRun(
    pipeline,
    { ...parts, source, groupSizes: counter.finish(), callMaker, feed },
    { concurrency: pipeline.limits.concurrency, onUncertain: "resend", ...options.settings },
  );
  options.whileRunning?.(control);
  await clock.runUntil(run);
  return { events, tally, stopped: control.stopped, status: keyRing.status() };
}
