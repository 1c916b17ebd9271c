import { Chance } from "./chance.ts";
import type {
  KeyTrouble,
  LifePlan,
  Moment,
  RowsEdit,
  ServerMoods,
  Trial,
  TrialRow,
  TrialShape,
} from "./trial.ts";

/** Long enough for every output; a schema's replies are shorter. */
export const MAX_OUTPUT_TOKENS = 100;
export const CALL_TIMEOUT_MS = 60_000;

const TEXTS = [
  "printer on fire",
  'say "hi", twice',
  "wo ist Zoë?",
  "two\nlines",
  "invoice 17",
  "invoice 18",
  " spaces ",
  "🐶 barks",
];

/** Draws a trial. Most seeds have a few kinds of trouble, some have none, some have all. */
export function drawTrial(seed: number): Trial {
  const chance = new Chance(seed);
  const shape = drawShape(chance);
  const rows = drawRows(chance);
  const groups = chance.pick(["one"], ["one", "two"], ["one", "two", "three"]);
  const keys = groups.flatMap((group) =>
    Array.from({ length: chance.integer(1, 2) }, (_, index) => ({
      name: `${group}-${index}`,
      group,
    })),
  );
  const granted = new Map(
    groups.map((group) => {
      const requestsPerMinute = chance.pick(120, 600, 3_000);
      return [group, { requestsPerMinute, tokensPerMinute: requestsPerMinute * 400 }] as const;
    }),
  );
  const limits = new Map(
    chance.happens(0.5)
      ? [...granted].map(([group, limit]) => [group, new Map([["*", limit]])])
      : [],
  );
  const troubled = chance.pick(0, 0.02, 0.1);
  const budgetUsd = chance.happens(0.3)
    ? rows.length * chance.between(0.000_05, 0.000_4)
    : undefined;
  const lives = Array.from({ length: chance.integer(1, 3) }, () =>
    drawLife(chance, { groups, keys: keys.map(({ name }) => name) }),
  );
  return {
    seed,
    rows,
    shape,
    keys,
    granted,
    limits,
    moods: drawMoods(chance, troubled),
    concurrency: chance.integer(1, 12),
    maxFaults: chance.integer(2, 5),
    budgetUsd,
    onUncertain: chance.happens(0.25) ? "skip" : "resend",
    lives: [...lives, { ...CALM, retryErrors: chance.happens(0.4) }],
  };
}

const CALM: LifePlan = {
  ending: "own",
  moment: { at: "time", ms: 0 },
  retryErrors: false,
  editBefore: undefined,
  editDuring: undefined,
  jumps: [],
  outages: [],
  storms: [],
  troubles: [],
  blocksOutput: false,
  hasBudget: false,
  isCalm: true,
};

function drawShape(chance: Chance): TrialShape {
  const sortHasSchema = chance.happens(0.5);
  const sum = chance.pick("none", "by-team", sortHasSchema ? "by-reply" : "by-team");
  return {
    sortHasSchema,
    answer: chance.pick("none", "always", "by-row", sortHasSchema ? "by-reply" : "none"),
    sum,
    match: sum !== "none" && chance.happens(0.5),
    digest: chance.pick("none", "of-rows", sum === "none" ? "none" : "of-groups"),
    onRowError: chance.happens(0.2) ? "fail" : "skip",
  };
}

function drawRows(chance: Chance): TrialRow[] {
  const count = chance.integer(5, 40);
  // More than a chunk of the file reader, so that rows are still read while calls are made.
  const padding = chance.happens(0.2) ? "x".repeat(Math.ceil(160_000 / count)) : "";
  const isRepetitive = chance.happens(0.3);
  return Array.from({ length: count }, (_, index) => {
    const text = chance.pick("printer", ...TEXTS);
    return {
      text: isRepetitive ? text : `${text} ${index}`,
      team: chance.pick("red", "blue", "green"),
      flag: chance.pick("yes", "no"),
      note: padding,
    };
  });
}

function drawMoods(chance: Chance, troubled: number): ServerMoods {
  const share = () => (chance.happens(0.5) ? troubled : 0);
  return {
    transient: share(),
    transientAfterWork: share(),
    hangs: share(),
    malformed: share(),
    oddUsage: share(),
    dear: chance.happens(0.2) ? 0.3 : 0,
    wrongRequests: share(),
    misfits: share(),
    headers: chance.pick("honest", "honest", "none", "lying"),
    retryAfter: chance.pick("honest", "none", "odd"),
  };
}

function drawLife(
  chance: Chance,
  { groups, keys }: { readonly groups: readonly string[]; readonly keys: readonly string[] },
): LifePlan {
  const span = (longest: number) => {
    const from = chance.between(0, 20_000);
    return { from, to: from + chance.between(500, longest) };
  };
  const some = <T>(share: number, draw: () => T): T[] => (chance.happens(share) ? [draw()] : []);
  const oneGroup = () => chance.pick("one", ...groups);
  return {
    ...CALM,
    isCalm: false,
    ending: chance.pick("own", "kill", "kill", "power-loss", "power-loss", "interrupt"),
    moment: drawMoment(chance),
    retryErrors: chance.happens(0.2),
    editBefore: some(0.1, () => drawEdit(chance))[0],
    editDuring: some(0.12, () => ({ ...drawEdit(chance), moment: drawMoment(chance) }))[0],
    jumps: some(0.2, () => ({
      at: chance.between(0, 20_000),
      ms: chance.pick(90_000, 5 * 3_600_000),
    })),
    outages: some(0.2, () => ({
      ...span(120_000),
      group: oneGroup(),
      kind: chance.pick("refuses", "hangs"),
    })),
    storms: some(0.2, () => ({ ...span(120_000), group: oneGroup() })),
    troubles: some(0.2, () => drawTrouble(chance, chance.pick("one-0", ...keys))),
    blocksOutput: chance.happens(0.1),
    hasBudget: chance.happens(0.7),
  };
}

function drawTrouble(chance: Chance, key: string): KeyTrouble {
  const from = chance.between(0, 20_000);
  if (chance.happens(0.5)) return { key, from, to: Infinity, kind: "key-revoked" };
  return { key, from, to: from + chance.between(10_000, 600_000), kind: "billing-project" };
}

function drawEdit(chance: Chance): RowsEdit {
  return {
    kind: chance.pick("sorted", "row-changed", "row-dropped", "row-doubled"),
    keepsTime: chance.happens(0.5),
  };
}

function drawMoment(chance: Chance): Moment {
  const at = chance.pick("time", "event", "send", "answer");
  if (chance.happens(0.1)) return { at: "delivery", count: 1 };
  if (at === "time") return { at, ms: chance.between(0, 25_000) };
  return { at, count: chance.integer(1, 60) };
}
