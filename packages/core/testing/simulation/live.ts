import { startRun } from "../../src/start-run.ts";
import type { RunEvent } from "../../src/vocabulary/event.ts";
import type { KeyRingConfiguration } from "../../src/vocabulary/named-key.ts";
import type { RunSummary } from "../../src/vocabulary/run-summary.ts";
import { Secret } from "../../src/vocabulary/secret.ts";
import { untilAtRest } from "./at-rest.ts";
import type { Chance } from "./chance.ts";
import type { LoggedSend, ReadRevocation } from "./send-log.ts";
import { SimulatedClock } from "./simulated-clock.ts";
import { SimulatedProvider } from "./simulated-provider.ts";
import type { SimulatedServer } from "./simulated-server.ts";
import { definePipeline } from "./trial-pipeline.ts";
import type { LifePlan, Moment, Trial } from "./trial.ts";
import type { World } from "./world.ts";

/** Nothing that is drawn takes longer than this, jumps aside. Milliseconds. */
const LONGEST_LIFE_MS = 24 * 3_600_000;

/** How a process ended, and what it told while it lived. */
export interface LifeReport {
  readonly number: number;
  readonly plan: LifePlan;
  /** What was told before its death, each with its time. */
  readonly events: readonly { readonly at: number; readonly event: RunEvent }[];
  /** Undefined when it died, or failed. */
  readonly summary: RunSummary | undefined;
  readonly error: unknown;
  readonly died: boolean;
  /** Requests that were under way when it died. */
  readonly inFlightAtDeath: number;
  /** True when the log of its journal was cut or garbled behind what was synced. */
  readonly tornLog: boolean;
  readonly editedMeanwhile: boolean;
  readonly endedAt: number;
}

/** What processes come into one after the other. */
export interface Surroundings {
  readonly trial: Trial;
  readonly world: World;
  readonly server: SimulatedServer;
  readonly chance: Chance;
  readonly sends: LoggedSend[];
  readonly revocations: ReadRevocation[];
  readonly tell: (line: string) => void;
}

/** Lets one process work until its end. */
export async function live(
  number: number,
  plan: LifePlan,
  startedAt: number,
  surroundings: Surroundings,
): Promise<LifeReport> {
  const { trial, world, server, chance, sends, revocations, tell } = surroundings;
  const clock = new SimulatedClock(startedAt);
  const stopping = new AbortController();
  const events: { at: number; event: RunEvent }[] = [];
  const inFlight = new Set<LoggedSend>();
  let isAlive = true;
  let inFlightAtDeath = 0;
  let tornLog = false;
  let editedMeanwhile = false;
  let sendCount = 0;
  let answerCount = 0;

  const die = () => {
    if (!isAlive) return;
    isAlive = false;
    inFlightAtDeath = inFlight.size;
    for (const send of sends) {
      if (send.life === number && send.endedAt === clock.now()) send.endedAtDeath = true;
    }
    world.keep();
    tell(`${clock.now() - startedAt} ms: dies (${plan.ending}), ${inFlightAtDeath} in flight`);
  };
  const act = () => {
    if (plan.ending === "own") return;
    if (plan.ending === "interrupt") stopping.abort();
    else die();
  };
  const edit = () => {
    if (!plan.editDuring || editedMeanwhile || !isAlive) return;
    editedMeanwhile = true;
    tell(`${clock.now() - startedAt} ms: the rows are edited: ${plan.editDuring.kind}`);
    world.edit(plan.editDuring, chance);
  };
  const reach = (at: Moment["at"], count: number) => {
    const { moment, editDuring } = plan;
    if (editDuring && hasCome(editDuring.moment, at, count)) edit();
    if (hasCome(moment, at, count)) act();
  };

  if (plan.moment.at === "time") clock.schedule(plan.moment.ms, act);
  if (plan.editDuring?.moment.at === "time") clock.schedule(plan.editDuring.moment.ms, edit);
  for (const { at, ms } of plan.jumps) clock.schedule(at, () => clock.jump(ms));
  if (plan.blocksOutput) clock.schedule(1, () => isAlive && world.blockOutput());

  const provider = new SimulatedProvider(
    {
      number,
      plan,
      clock,
      startedAt,
      isAlive: () => isAlive,
      onSend: (send) => {
        inFlight.add(send);
        tell(`${clock.now() - startedAt} ms: sends on ${send.key}: ${shorten(send.prompt)}`);
        reach("send", (sendCount += 1));
      },
      onAnswer: (send) => {
        inFlight.delete(send);
        tell(`${clock.now() - startedAt} ms: ${send.end?.kind}: ${shorten(send.prompt)}`);
        reach("answer", (answerCount += 1));
      },
      onClose: () => reach("delivery", 1),
    },
    server,
    { sends, revocations },
  );
  const run = startRun({
    pipeline: definePipeline(trial),
    rows: world.rowsFile,
    keys: configureKeys(trial),
    outputFiles: world.outputs,
    stateDirectory: world.stateDirectory,
    onUncertain: trial.onUncertain,
    retryErrors: plan.retryErrors,
    budgetUsd: plan.hasBudget ? trial.budgetUsd : undefined,
    provider,
    clock,
    random: chance.random,
    signal: stopping.signal,
    onEvent: (event) => {
      if (!isAlive) return;
      events.push({ at: clock.now(), event });
      tell(`${clock.now() - startedAt} ms: ${JSON.stringify(event)}`);
      reach("event", events.length);
    },
  });
  let end: { summary?: RunSummary; error?: unknown } | undefined;
  run.finished.then(
    (summary) => (end = { summary }),
    (error: unknown) => (end = { error }),
  );
  const longest = LONGEST_LIFE_MS + plan.jumps.reduce((sum, { ms }) => sum + ms, 0);
  let isBuried = false;
  for (;;) {
    await untilAtRest();
    if (!isAlive && !isBuried) {
      isBuried = true;
      if (plan.ending === "power-loss") tornLog = world.tearLog(chance);
      // What is left of it lets go of its files; the world goes on from what was kept.
      stopping.abort();
      continue;
    }
    if (end) break;
    if (!clock.fireNext()) throw new Error("It waits for ever: nothing is going to happen.");
    if (clock.now() - startedAt > longest) throw new Error("It is not over after a day.");
  }
  if (!isAlive) world.goBack();
  const died = !isAlive;
  const { summary, error } = died ? {} : end;
  return {
    number,
    plan,
    events,
    summary,
    error,
    died,
    inFlightAtDeath,
    tornLog,
    editedMeanwhile,
    endedAt: clock.now(),
  };
}

function hasCome(moment: Moment, at: Moment["at"], count: number): boolean {
  return moment.at !== "time" && moment.at === at && moment.count === count;
}

function configureKeys({ keys, limits }: Trial): KeyRingConfiguration {
  return {
    keys: keys.map(({ name, group }) => ({
      name,
      secret: new Secret(`sk-${name}`),
      limitGroup: group,
      endpoint: { baseUrl: "http://127.0.0.1/v1", organization: undefined, project: undefined },
      models: undefined,
    })),
    limits,
  };
}

function shorten(prompt: string): string {
  return JSON.stringify(prompt.slice(0, 60));
}
