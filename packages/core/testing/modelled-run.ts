import type { VirtualClock } from "../src/clock/virtual-clock.ts";
import { createKeyRing } from "../src/keys/ring/create-key-ring.ts";
import type { Pipeline, Step } from "../src/pipeline/pipeline.ts";
import type { RowSource } from "../src/vocabulary/row-source.ts";
import { sleep } from "../src/vocabulary/clock.ts";
import type { RunEvent } from "../src/vocabulary/event.ts";
import type { Journal } from "../src/vocabulary/journal.ts";
import type { NamedKey } from "../src/vocabulary/named-key.ts";
import type { Failure, Provider, SendOutcome } from "../src/vocabulary/provider.ts";
import type { Random } from "../src/vocabulary/random.ts";
import { Secret } from "../src/vocabulary/secret.ts";
import { executeRun, type ExecutionSettings } from "../src/execute/execute-run.ts";
import { RunControl } from "../src/execute/run-control.ts";
import { startTally } from "../src/execute/tally.ts";

/** What a modelled model does with one request. */
export type Behaviour = (request: { prompt: string; key: string; attempt: number }) => SendOutcome;

export const USAGE = { inputTokens: 100, cachedInputTokens: 0, outputTokens: 50 };

export function reply(text: string): SendOutcome {
  const answer = { text, finishReason: "stop", usage: USAGE, requestId: undefined };
  return { kind: "replied", reply: answer, rateLimit: undefined };
}

export function failure(fault: Partial<Failure> & Pick<Failure, "class">): SendOutcome {
  return {
    kind: "failed",
    rateLimit: undefined,
    failure: {
      code: "unavailable",
      message: fault.class,
      status: undefined,
      providerCode: undefined,
      requestId: undefined,
      retryAfterMs: undefined,
      mayHaveBeenProcessed: false,
      ...fault,
    },
  };
}

/** A provider without a network: answers after a second of virtual time, give or take. */
export class ModelledProvider implements Provider {
  readonly sends: { readonly prompt: string; readonly key: string }[] = [];
  readonly #clock: VirtualClock;
  readonly #random: Random;
  readonly #behaviour: Behaviour;

  constructor(clock: VirtualClock, random: Random, behaviour: Behaviour) {
    this.#clock = clock;
    this.#random = random;
    this.#behaviour = behaviour;
  }

  async send(...[request, key, { signal }]: Parameters<Provider["send"]>): Promise<SendOutcome> {
    const prompt = request.messages.at(-1)?.content ?? "";
    const attempt = this.sends.filter((send) => send.prompt === prompt).length + 1;
    this.sends.push({ prompt, key: key.name });
    await sleep(this.#clock, 500 + 1000 * this.#random(), { signal });
    return this.#behaviour({ prompt, key: key.name, attempt });
  }

  async close(): Promise<void> {}
}

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
    recordedAs: id,
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
      attempts: 3,
    },
    rowSteps,
    runSteps: [],
    outputs: [],
    fingerprints: {},
    ...more,
  };
}

/** `count` rows with their number. */
function modelRows(count: number): RowSource {
  return {
    file: "rows.csv",
    scan: async () => ({ format: "csv", columns: ["number"], count, fingerprint: "" }),
    async *read() {
      for (let ordinal = 0; ordinal < count; ordinal++) {
        yield { ordinal, id: `row-${ordinal}`, line: ordinal + 2, values: { number: ordinal } };
      }
    },
  };
}

/** Runs the real executor and key ring in virtual time. */
export async function runModelled(options: {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly journal: Journal;
  readonly provider: Provider;
  readonly pipeline: Pipeline;
  readonly rows: number;
  readonly keys?: readonly string[];
  readonly settings?: Partial<ExecutionSettings>;
  readonly whileRunning?: (control: RunControl) => void;
}) {
  const { clock, random, journal, provider, pipeline, rows, keys = ["a", "b"] } = options;
  const events: RunEvent[] = [];
  const onEvent = (event: RunEvent) => void events.push(event);
  const control = new RunControl(clock, onEvent);
  const tally = startTally();
  const keyRing = createKeyRing({ keys: keys.map(modelKey), limits: new Map() }, { clock, random });
  const source = modelRows(rows);
  const run = executeRun(
    pipeline,
    { source, keyRing, provider, journal, control, tally, clock, random, onEvent },
    {
      concurrency: pipeline.limits.concurrency,
      budgetUsd: undefined,
      onUncertain: "resend",
      ...options.settings,
    },
  );
  options.whileRunning?.(control);
  await clock.runUntil(run);
  return { events, tally, stopped: control.stopped, status: keyRing.status() };
}
