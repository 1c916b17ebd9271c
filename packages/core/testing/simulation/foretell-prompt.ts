import type { CallRecord } from "../../src/vocabulary/journal.ts";
import { loadPipeline } from "../../src/pipeline/load-pipeline.ts";
import { foretellReply } from "./foretell-reply.ts";
import type { Records } from "./read-records.ts";
import { definePipeline } from "./trial-pipeline.ts";
import type { Trial, TrialRow } from "./trial.ts";

/** Row steps that have ended before the first step over groups begins, and before the one over the run. */
interface StepsBefore {
  readonly sum: readonly string[];
  readonly digest: readonly string[];
}

/**
 * Knows what each call must have asked, by other means than the templates: from the rows and from
 * the replies that the server gives, as far as the journal says that they were given.
 */
export class PromptForeteller {
  readonly #trial: Trial;
  readonly #records: Records;
  readonly #before: StepsBefore;

  constructor(trial: Trial, records: Records) {
    this.#trial = trial;
    this.#records = records;
    this.#before = findStepsBefore(trial);
  }

  /** @param name of a call, as `nameCall` makes it */
  foretell(name: string, { id: { step, subject } }: CallRecord): string {
    if (subject.per === "row") return this.#ofRow(step, subject.ordinal);
    return subject.per === "group" ? this.#ofGroup(subject.key) : this.#ofRun(name);
  }

  /** What a call that is done must have got. */
  foretellText(name: string, record: CallRecord): string {
    const hasSchema = record.id.step === "sort" && this.#trial.shape.sortHasSchema;
    return foretellReply(this.foretell(name, record), hasSchema);
  }

  #ofRow(step: string, ordinal: number): string {
    const row = this.#trial.rows[ordinal];
    if (!row) return `there is no row ${ordinal}`;
    const { text, team } = row;
    if (step === "sort") return `sort|${text}|${team}`;
    if (step === "answer") return `answer|${text}|${this.#sortOf(ordinal)}`;
    const key = this.#groupOf(row, ordinal) ?? "";
    return `match|${text}|${this.#sumOf(key)}`;
  }

  #ofGroup(key: string): string {
    const rows = this.#trial.rows.flatMap((row, ordinal) =>
      this.#groupOf(row, ordinal) === key && this.#isWell(ordinal, this.#before.sum)
        ? `${row.text}:${this.#sortOf(ordinal)};`
        : [],
    );
    return `sum|${key}|${rows.join("")}`;
  }

  #ofRun(step: string): string {
    const { rows, shape } = this.#trial;
    const keys = rows.flatMap((row, ordinal) => this.#groupOf(row, ordinal) ?? []);
    const list =
      shape.digest === "of-groups"
        ? [...new Set(keys)].map((key) => `${key}:${this.#sumOf(key)};`)
        : rows.flatMap(({ text }, ordinal) =>
            this.#isWell(ordinal, this.#before.digest) ? `${text}:${this.#sortOf(ordinal)};` : [],
          );
    return `${step}|${rows.length}|${list.join("")}`;
  }

  #groupOf({ team }: TrialRow, ordinal: number): string | undefined {
    if (this.#trial.shape.sum === "by-team") return team;
    const reply = this.#sortOf(ordinal);
    if (reply === "") return undefined;
    return reply.includes('"calm"') ? "calm" : "cross";
  }

  #sortOf(ordinal: number): string {
    const prompt = this.#ofRow("sort", ordinal);
    return this.#textOf(`sort of row ${ordinal}`, () =>
      foretellReply(prompt, this.#trial.shape.sortHasSchema),
    );
  }

  /** Of a group's step that failed, templates see what was paid for. */
  #sumOf(key: string): string {
    const name = `sum of ${key}`;
    const result = this.#records.get(name)?.result;
    if (result?.status === "failed") return result.text ?? "";
    return this.#textOf(name, () => foretellReply(this.#ofGroup(key), false));
  }

  #textOf(name: string, foretell: () => string): string {
    return this.#records.get(name)?.result?.status === "done" ? foretell() : "";
  }

  #isWell(ordinal: number, steps: readonly string[]): boolean {
    return steps.every((step) => {
      const status = this.#records.get(`${step} of row ${ordinal}`)?.result?.status;
      return status !== "failed" && status !== "uncertain";
    });
  }
}

const known = new WeakMap<Trial, StepsBefore>();

function findStepsBefore(trial: Trial): StepsBefore {
  let before = known.get(trial);
  if (!before) {
    const { stages } = loadPipeline(definePipeline(trial));
    const rowStepsBefore = (per: "group" | "run") =>
      stages
        .slice(
          0,
          Math.max(
            0,
            stages.findIndex((stage) => stage.per === per),
          ),
        )
        .flatMap((stage) => (stage.per === "row" ? stage.steps.map(({ id }) => id) : []));
    before = { sum: rowStepsBefore("group"), digest: rowStepsBefore("run") };
    known.set(trial, before);
  }
  return before;
}
