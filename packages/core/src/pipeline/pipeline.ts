import type { ColumnType } from "../vocabulary/column-type.ts";
import type { Fingerprints } from "../vocabulary/journal.ts";
import type { JsonObject, JsonValue } from "../vocabulary/json.ts";
import type { ChatMessage, OutputFormat } from "../vocabulary/model-request.ts";
import type { Problem } from "../vocabulary/problem.ts";
import type { Per } from "../vocabulary/subject.ts";
import type { Template } from "../template/template.ts";
import type { Formulas, OutputFileFormat } from "./output-format.ts";

/** A pipeline that was read, completed and checked: nothing in it is left to defaults. */
export interface Pipeline {
  readonly name: string;
  readonly description: string | undefined;
  /** As the user named it. */
  readonly file: string;
  /** Where the paths in it begin. */
  readonly directory: string;
  /** Names of the keys that may serve it; undefined means all. */
  readonly keys: readonly string[] | undefined;
  readonly input: InputSettings;
  readonly limits: PipelineLimits;
  /** In the order in which they run. */
  readonly stages: readonly Stage[];
  readonly outputs: readonly Output[];
  /**
   * What must not have changed when a run is resumed: an entry for the input, and one for each step
   * that runs before any step over groups or the run. Those and all behind them are known by their
   * requests: one that changes is made anew.
   */
  readonly fingerprints: Fingerprints;
}

export interface InputSettings {
  /** The column that identifies a row; undefined means its content does. */
  readonly id: string | undefined;
  /** Undefined when the rows may have any columns. */
  readonly columns: ReadonlyMap<string, ColumnType> | undefined;
  /** Where the file speaks of the input's columns, for problems that show when the rows are opened. */
  readonly references: readonly Reference[];
}

export interface PipelineLimits {
  /** Calls in flight at one time. */
  readonly concurrency: number;
  readonly budgetUsd: number | undefined;
  /** Share of rows that may fail, 0 to 1. */
  readonly maxErrorRate: number;
  /** For one call, with its body. */
  readonly callTimeoutMs: number;
  /** Passing faults after which one call is given up. */
  readonly maxFaults: number;
  /** How long limits may keep the whole run waiting. Milliseconds. */
  readonly maxWaitMs: number;
  /** How long the run waits where no server answers. Milliseconds. */
  readonly outageMs: number;
}

/** Steps that every subject of one kind is taken through, each after every step that it needs. */
export type Stage =
  | { readonly per: "row"; readonly steps: readonly Step[] }
  | { readonly per: "group"; readonly grouping: Grouping; readonly steps: readonly Step[] }
  | { readonly per: "run"; readonly steps: readonly Step[] };

/** How rows are put into groups. */
export interface Grouping {
  /** The template that makes a row's group, with single spaces inside its braces: it names the grouping. */
  readonly by: string;
  /** True when it looks at replies: a row's group is then known only when these are there. */
  readonly needsReplies: boolean;
  /**
   * The group of a row.
   * @param scope `row`, and `steps` with what the row's finished steps replied
   * @throws TemplateError when a value is missing, or the key is longer than 500 characters
   */
  keyOf(scope: Scope): string;
}

export interface Step {
  readonly id: string;
  readonly per: Per;
  readonly model: string;
  readonly temperature: number | undefined;
  readonly topP: number | undefined;
  readonly maxOutputTokens: number | undefined;
  readonly prompt: Prompt;
  /** Undefined means always. */
  readonly when: Condition | undefined;
  readonly output: StepOutput;
  /**
   * What becomes of a step over groups or the run when rows have failed: `skip` leaves those rows
   * out, `fail` fails the step. Of no meaning for a step per row.
   */
  readonly onRowError: "skip" | "fail";
  /** The steps that it refers to, and those that it names as needed; not what those need in turn. */
  readonly needs: readonly string[];
  /** Everything of the scope that its prompt and condition refer to. */
  readonly references: readonly Reference[];
  /** Where the file names it. */
  readonly place: Place;
}

export interface Prompt {
  /** @throws TemplateError */
  render(scope: Scope): readonly ChatMessage[];
}

/** What templates and conditions see. */
export interface Scope {
  /** For a step per row: the row's values by column. */
  readonly row?: JsonObject;
  /**
   * What finished steps replied: those about the same subject, for a row those of its groups too,
   * and those over the run.
   */
  readonly steps: Record<string, { readonly output: JsonValue; readonly text: string }>;
  /** For a step per group: its `key`, its `rows` with what came of each, and `counts` of all its rows. */
  readonly group?: {
    readonly key: string;
    readonly rows: readonly object[];
    readonly counts: object;
  };
  /** For a step per run: the rows, with what came of each. */
  readonly rows?: readonly object[];
  /** For a step per run: the groups of all groupings before it, with what came of each. */
  readonly groups?: readonly object[];
  /** For a step per run: the run so far. */
  readonly run?: JsonObject;
}

export interface Condition {
  readonly source: string;
  /** @throws ConditionError */
  evaluate(scope: Scope): boolean;
}

/** What a step's reply must be. */
export type StepOutput = OutputFormat & {
  /** Names of the fields that the schema gives a JSON object, in their order; else empty. */
  readonly fields: readonly string[];
  /** What is wrong with a reply's value, a line each; empty when it is as it should be. */
  check(value: JsonValue): string[];
};

export interface Output {
  /** A relative path, with `/`, that stays below the folder it begins in. */
  readonly file: string;
  readonly format: OutputFileFormat;
  /** Undefined for tables, and for the built-in report. */
  readonly template: Template | undefined;
  /** Where the template was read. */
  readonly templateFile: string | undefined;
  /** For a table with a record for each group: the grouping they are of. Undefined for rows. */
  readonly groupsOf: Grouping | undefined;
  /** Of a CSV. */
  readonly formulas: Formulas;
}

/** A variable that something in a step refers to, such as `["row", "body"]`, and where. */
export interface Reference {
  readonly path: readonly string[];
  readonly place: Place;
}

/** Where in the user's files something stands. */
export type Place = Pick<Problem, "file" | "position">;

/** The steps of all stages, or of those over one kind of subject, in the order in which they run. */
export function listSteps({ stages }: Pick<Pipeline, "stages">, per?: Per): readonly Step[] {
  return stages
    .filter((stage) => per === undefined || stage.per === per)
    .flatMap(({ steps }) => steps);
}
