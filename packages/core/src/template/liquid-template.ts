import { Context, Liquid, LiquidError, UndefinedVariableError } from "liquidjs";
import type { Variable } from "liquidjs";
import { InvariantError } from "../vocabulary/error.ts";
import { formatValue } from "./format-value.ts";
import { TemplateError } from "./template-error.ts";
import type { Template, VariableReference } from "./template.ts";

/**
 * What one prompt may take. A row whose template loops over another's loops, or over a range of
 * millions, fails instead of stopping all others.
 */
const PROMPT_BOUNDS: RenderBounds = { steps: 100_000, memory: 20_000_000 };

/** Far above what a report over a million rows needs: they end what would never end by itself. */
const REPORT_BOUNDS: RenderBounds = { steps: 50_000_000, memory: 100_000_000 };

interface RenderBounds {
  /** Texts, variables and tags, each time one is rendered: the same on every machine. */
  readonly steps: number;
  /** In characters and items of lists, about. */
  readonly memory: number;
}

const plainLiquid = createLiquid(formatValue, PROMPT_BOUNDS);

/** @throws TemplateError */
export function compileLiquidTemplate(source: string, liquid = plainLiquid): Template {
  return convertErrors(source, () => {
    const parsed = liquid.parse(source);
    const { globals } = liquid.analyzeSync(parsed, { partials: false });
    return {
      source,
      variables: Object.values(globals)
        .flat()
        .map((variable) => toReference(variable, source))
        .toSorted((a, b) => a.offset - b.offset),
      render: (scope) =>
        convertErrors(source, () => String(liquid.renderSync(parsed, countSteps(scope, liquid)))),
    };
  });
}

/**
 * Liquid without what reads other files, writes into the scope, or reads a value as an expression.
 * @param formatOutput writes the value of a `{{ variable }}`
 */
export function createLiquid(
  formatOutput: (value: unknown) => string,
  bounds = REPORT_BOUNDS,
): Liquid {
  const engine = new Liquid({
    strictVariables: true,
    // A condition and the default filter may ask for what is not there.
    lenientIf: true,
    strictFilters: true,
    ownPropertyOnly: true,
    outputEscape: formatOutput,
    templates: {},
    // The same text on every machine.
    timezoneOffset: 0,
    locale: "en",
    parseLimit: 1_000_000,
    memoryLimit: bounds.memory,
    // Not milliseconds, as it would be by itself: see `countSteps`.
    renderLimit: bounds.steps,
  });
  for (const tag of ["include", "render", "layout", "block", "increment", "decrement"]) {
    delete engine.tags[tag];
  }
  for (const filter of Object.keys(engine.filters)) {
    // `raw` would bypass the format of outputs.
    if (filter.endsWith("_exp") || filter === "raw") engine.unregisterFilter(filter);
  }
  for (const name of ["where", "reject", "group_by", "has", "find", "find_index"]) {
    overlookMissing(engine, name);
  }
  return engine;
}

/**
 * Liquid asks before each part of a template whether the time is over. What is asked then is how
 * many parts there were: a busy machine must not decide which row fails.
 */
function countSteps(scope: object, liquid: Liquid): Context {
  const context = new Context(scope, liquid.options, { sync: true }, { liquid });
  const { renderLimit: maxSteps } = liquid.options;
  let steps = 0;
  context.renderLimit.check = () => {
    steps += 1;
    if (steps <= maxSteps) return;
    const bound = maxSteps.toLocaleString("en");
    throw new TemplateError(`it takes more than ${bound} steps to be filled in`, { offset: 0 });
  };
  return context;
}

/** Lets a filter that looks into each of many items pass those without the property, as `map` does. */
function overlookMissing(engine: Liquid, name: string): void {
  const filter = engine.filters[name];
  if (typeof filter !== "function") throw new InvariantError(`Liquid has no filter "${name}"`);
  engine.registerFilter(name, function* (...operands): Generator<unknown, unknown, unknown> {
    const { context } = this;
    const { strictVariables } = context;
    context.strictVariables = false;
    try {
      return yield* filter.apply(this, operands);
    } finally {
      context.strictVariables = strictVariables;
    }
  });
}

function toReference({ segments, location }: Variable, source: string): VariableReference {
  const computed = segments.findIndex((segment) => typeof segment === "object");
  const path = computed < 0 ? segments : segments.slice(0, computed);
  return { path: path.map(String), offset: toOffset(source, location.row, location.col) };
}

/** @param row from 1 @param column from 1, in UTF-16 units */
function toOffset(source: string, row: number, column: number): number {
  let lineStart = 0;
  for (let line = 1; line < row; line++) lineStart = source.indexOf("\n", lineStart) + 1;
  return lineStart + column - 1;
}

function convertErrors<T>(source: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!LiquidError.is(error)) throw error;
    const { token } = error;
    // A filter may hold a text of its own, such as the name of a property.
    const offset = token.input === source ? token.begin : 0;
    if (error instanceof UndefinedVariableError) {
      throw TemplateError.missingVariable(token.getText(), offset, error);
    }
    // Liquid puts line and column behind its own messages; the bare one is inside.
    const message = (error.originalError ?? error).message.replace(/, line:\d+, col:\d+$/, "");
    throw new TemplateError(message, { offset, cause: error });
  }
}
