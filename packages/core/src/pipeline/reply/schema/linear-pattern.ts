import { RE2JS, RE2JSException } from "re2js";

/** What any pattern costs, at its start and for each unit. */
const OVERHEAD_STEPS = 5;

/**
 * A regular expression of the user's, run by an engine whose time grows with the text and not with
 * what the pattern could mean: JavaScript's own can take for ever over some forty characters.
 */
export class LinearPattern {
  readonly source: string;
  readonly #pattern: RE2JS;

  /** @throws RE2JSException when the engine has no such expression; see `explainRefusal` */
  constructor(text: string) {
    this.source = text;
    this.#pattern = RE2JS.compile(text);
  }

  /** Why a text is no pattern, or one that only an engine which goes back over the text could run. */
  static explainRefusal(text: string): string | undefined {
    try {
      RE2JS.compile(text);
      return undefined;
    } catch (error) {
      if (!(error instanceof RE2JSException)) throw error;
      return error.message;
    }
  }

  /** True where it is found anywhere in the text, as JSON Schema has it. */
  test(text: string): boolean {
    return this.#pattern.matcher(text).find();
  }

  /** The most that looking for it takes: every part of the pattern may stay possible at every unit. */
  boundSteps(text: string): number {
    return OVERHEAD_STEPS + text.length * (OVERHEAD_STEPS + this.#pattern.programSize());
  }
}
