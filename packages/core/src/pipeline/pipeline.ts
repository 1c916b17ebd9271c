import type { ColumnType } from "../vocabulary/column-type.ts";
import type { Fingerprints } from "../vocabulary/journal.ts";
import type { JsonObject, JsonValue } from "../vocabulary/json.ts";
import type { ChatMessage, OutputFormat } from "../vocabulary/model-request.ts";
import type { Problem } from "../vocabulary/problem.ts";
import type { Template } from "../template/template.ts";

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
  /** Each after every step that it needs. */
  readonly rowSteps: readonly Step[];
  /** Run once, when all rows are through; each after every step that it needs. */
  readonly runSteps: readonly Step[];
  readonly outputs: readonly Output[];
  /** What must not have changed when a run is resumed: an entry for each row step, and one for the input. */
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
  /** Times that one call is sent over transient faults. */
  readonly attempts: number;
}

export interface Step {
  readonly id: string;
  /**
   * The step's name in the journal. That of a step over the whole run holds a hash of it: when it
   * changes it is another call, and made anew, while the rows stay as they are.
   */
  readonly recordedAs: string;
  readonly per: "row" | "run";
  readonly model: string;
  readonly temperature: number | undefined;
  readonly topP: number | undefined;
  readonly maxOutputTokens: number | undefined;
  readonly prompt: Prompt;
  /** Undefined means always. */
  readonly when: Condition | undefined;
  readonly output: StepOutput;
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
  /** What finished steps of the same subject replied. */
  readonly steps: Record<string, { readonly output: JsonValue; readonly text: string }>;
  /** For a step per run: every row, with what came of it. */
  readonly rows?: readonly object[];
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
}

export type OutputFileFormat = "csv" | "jsonl" | "markdown";

/** A variable that something in a step refers to, such as `["row", "body"]`, and where. */
export interface Reference {
  readonly path: readonly string[];
  readonly place: Place;
}

/** Where in the user's files something stands. */
export type Place = Pick<Problem, "file" | "position">;
