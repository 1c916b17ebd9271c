import { GROUP_COLUMNS, stepColumns } from "../../vocabulary/step-columns.ts";

/** The columns of a table of results, and what fills them. */
export interface ResultTable {
  /** All of them, in order: those of the subject, of each step, and of control. */
  readonly columns: readonly string[];
  /** Of a table of rows: columns taken over from the input, and where each stands there. */
  readonly inputs: readonly { readonly column: string; readonly index: number }[];
  readonly steps: readonly ResultStep[];
  /** True when no model was asked: each record says so, in a column of its own. */
  readonly simulated: boolean;
}

/** A step that runs for each subject of a table. */
export interface ResultStep {
  readonly id: string;
  readonly output: {
    readonly kind: "text" | "json-object" | "json-schema";
    /** Fields that have columns of their own; without any, the step has one. */
    readonly fields: readonly string[];
  };
}

/** Behind all others: how the row ended, and what that took. */
export const CONTROL_COLUMNS = [
  "__status",
  "__error",
  "__attempts",
  "__finish_reason",
  "__tokens_in",
  "__tokens_out",
  "__cost_usd",
  "__latency_ms",
  "__key",
] as const;

/** The last column, of simulated results only. */
export const SIMULATED_COLUMN = "__simulated";

export type ControlColumn = (typeof CONTROL_COLUMNS)[number];

/**
 * Lays out a table of results. Control columns in the input are those of an earlier run: they give
 * way to this one's.
 */
export function layOutResults(
  inputColumns: readonly string[],
  steps: readonly ResultStep[],
  { simulated = false }: { simulated?: boolean } = {},
): ResultTable {
  const control: ReadonlySet<string> = new Set([...CONTROL_COLUMNS, SIMULATED_COLUMN]);
  const inputs = inputColumns
    .map((column, index) => ({ column, index }))
    .filter(({ column }) => !control.has(column));
  const names = inputs.map(({ column }) => column);
  return { columns: listColumns(names, steps, simulated), inputs, steps, simulated };
}

/** Lays out a table with a record for each group. */
export function layOutGroups(
  steps: readonly ResultStep[],
  { simulated = false }: { simulated?: boolean } = {},
): ResultTable {
  return { columns: listColumns(GROUP_COLUMNS, steps, simulated), inputs: [], steps, simulated };
}

function listColumns(
  subject: readonly string[],
  steps: readonly ResultStep[],
  simulated: boolean,
): string[] {
  const last = simulated ? [SIMULATED_COLUMN] : [];
  return [...subject, ...steps.flatMap(stepColumns), ...CONTROL_COLUMNS, ...last];
}
