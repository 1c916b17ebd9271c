import { MAX_CONCURRENCY } from "./pipeline/schema.ts";
import type { RunOptions } from "./run-options.ts";

/** What the value of an option must be. */
export interface OptionRule {
  /** In words, behind "Give". */
  readonly allowed: string;
  readonly accepts: (value: unknown) => boolean;
  /** True when the text that was given may be shown: that of others may be a secret. */
  readonly isWord?: boolean;
}

const FOLDER: OptionRule = { allowed: "the path of a folder", accepts: isText };
const SWITCH: OptionRule = {
  allowed: "true or false",
  accepts: (value) => typeof value === "boolean",
};

const MINUTES: OptionRule = {
  allowed: "a number of minutes above 0",
  accepts: (value) => Number.isFinite(value) && Number(value) > 0,
};

/** By the option's name. */
export const OPTION_RULES: Readonly<Record<keyof RunOptions, OptionRule>> = {
  pipeline: {
    allowed: "the path of a pipeline file, or an object with what would stand in it",
    accepts: (value) => isText(value) || isRecord(value),
  },
  rows: {
    allowed: "the path of a CSV or JSONL file, an iterable of objects, or a row source",
    accepts: (value) => isText(value) || isIterable(value) || hasMethods(value, ["scan", "read"]),
  },
  keys: {
    allowed: "at least one key, by loadKeys() or keysFromSecrets()",
    accepts: isKeyRing,
  },
  rowRange: {
    allowed: "the first and the last row, such as { from: 1, to: 100 }",
    accepts: isRowRange,
  },
  outputFiles: {
    allowed: "a list of paths",
    accepts: (value) => Array.isArray(value) && value.every(isText),
  },
  concurrency: {
    allowed: `a whole number from 1 to ${MAX_CONCURRENCY}`,
    accepts: (value) => isCount(value) && value <= MAX_CONCURRENCY,
  },
  budgetUsd: {
    allowed: "a number of dollars above 0",
    accepts: (value) => Number.isFinite(value) && Number(value) > 0,
  },
  maxErrorRate: {
    allowed: "a share from 0 to 1",
    accepts: (value) => typeof value === "number" && value >= 0 && value <= 1,
  },
  maxWaitMinutes: MINUTES,
  outageMinutes: MINUTES,
  outputRoot: FOLDER,
  stateDirectory: FOLDER,
  fresh: SWITCH,
  retryErrors: SWITCH,
  onUncertain: {
    allowed: '"resend" or "skip"',
    accepts: (value) => value === "resend" || value === "skip",
    isWord: true,
  },
  simulated: SWITCH,
  onEvent: { allowed: "a function", accepts: isFunction },
  signal: {
    allowed: "an AbortSignal",
    accepts: (value) => hasMethods(value, ["addEventListener", "throwIfAborted"]),
  },
  limitsDirectory: {
    allowed: "the path of a folder, or false",
    accepts: (value) => value === false || isText(value),
  },
  provider: {
    allowed: "an object with send() and close()",
    accepts: (value) => hasMethods(value, ["send", "close"]),
  },
  clock: {
    allowed: "an object with now() and schedule()",
    accepts: (value) => hasMethods(value, ["now", "schedule"]),
  },
  random: { allowed: "a function that gives numbers from 0 to 1", accepts: isFunction },
};

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A function is asked for its iterable when the rows are read. */
function isIterable(value: unknown): boolean {
  if (typeof value === "function") return true;
  if (typeof value !== "object" || value === null) return false;
  return Symbol.iterator in value || Symbol.asyncIterator in value;
}

function hasMethods(value: unknown, names: readonly string[]): boolean {
  return isRecord(value) && names.every((name) => typeof Reflect.get(value, name) === "function");
}

function isKeyRing(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { keys, limits } = value;
  return Array.isArray(keys) && keys.length > 0 && hasMethods(limits, ["get"]);
}

function isRowRange(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { from, to } = value;
  return isCount(from) && (to === Infinity || (isCount(to) && to >= from));
}
