import { suggestRemedy } from "./document/suggest-remedy.ts";
import { OPTION_RULES, type OptionRule } from "./option-rules.ts";
import { inspectRequest } from "./plan/prepare-run.ts";
import type { RunOptions } from "./run-options.ts";
import {
  collectProblems,
  type Problem,
  ProblemsError,
  type ReportProblem,
} from "./vocabulary/problem.ts";

type OptionName = keyof RunOptions;

type GivenOptions = { readonly [Name in OptionName]?: RunOptions[Name] | undefined };

/** The options that something can be asked with. */
interface KnownOptions {
  readonly known: readonly string[];
  readonly required: readonly OptionName[];
}

export const RUN_OPTIONS: KnownOptions = {
  known: Object.keys(OPTION_RULES),
  required: ["pipeline", "rows", "keys"],
};

export const CHECK_OPTIONS: KnownOptions = {
  known: ["pipeline", "rows", "keys"],
  required: ["pipeline"],
};

/**
 * Refuses options that nothing can be done with, as programs may give them that no compiler has
 * checked. Pipeline and rows are looked at too: whoever has to mend a call should have to do it once.
 * @throws ProblemsError with everything that is wrong
 */
export async function refuseUnsoundOptions(
  options: GivenOptions,
  names: KnownOptions,
): Promise<void> {
  const { problems, sound } = sortOptions(options, names);
  if (problems.length === 0) return;
  const { pipeline } = sound;
  const report: ReportProblem = (problem) => void problems.push(problem);
  if (pipeline !== undefined) {
    await collectProblems(report, () => inspectRequest({ ...sound, pipeline }));
  }
  throw new ProblemsError(problems);
}

/** What is wrong with options, and those of them with which nothing is. */
function sortOptions(
  options: GivenOptions,
  { known, required }: KnownOptions,
): { readonly problems: Problem[]; readonly sound: Partial<RunOptions> } {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const missing = required.filter((name) => !given.some(([one]) => one === name));
  const found = given.map(([name, value]) => ({
    name,
    value,
    problem: known.includes(name) ? findMistake(name, value) : describeUnknown(name, known),
  }));
  return {
    problems: [...missing.map(describeMissing), ...found.flatMap(({ problem }) => problem ?? [])],
    sound: Object.fromEntries(
      found.flatMap(({ name, value, problem }) => (problem ? [] : [[name, value]])),
    ),
  };
}

function findMistake(name: string, value: unknown): Problem | undefined {
  const rule = isOptionName(name) ? OPTION_RULES[name] : undefined;
  if (!rule || rule.accepts(value)) return undefined;
  const message = `the option "${name}" cannot be ${describeValue(value, rule)}`;
  return { code: "option", message, remedy: `Give ${rule.allowed}` };
}

function describeMissing(name: OptionName): Problem {
  const message = `the option "${name}" is missing`;
  return { code: "option", message, remedy: `Give ${OPTION_RULES[name].allowed}` };
}

function describeUnknown(name: string, known: readonly string[]): Problem {
  const remedy = suggestRemedy(name, known, `The options are: ${known.join(", ")}`);
  return { code: "option", message: `there is no option "${name}"`, remedy };
}

function describeValue(value: unknown, { isWord = false }: OptionRule): string {
  if (value === null || typeof value === "number" || typeof value === "boolean") {
    return String(value);
  }
  if (typeof value === "string") {
    if (value === "") return "empty";
    return isWord ? JSON.stringify(value) : "text";
  }
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "this list";
  return typeof value === "object" ? "this object" : `a ${typeof value}`;
}

function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(OPTION_RULES, name);
}
