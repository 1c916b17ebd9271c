import { RE2JS, RE2JSException } from "re2js";

/**
 * A regular expression of the user's, run by an engine whose time grows with the text and not with
 * what the pattern could mean: JavaScript's own can take for ever over some forty characters.
 *
 * It is a `RegExp` only so that it may stand in a schema in the place of a text.
 */
export class LinearPattern extends RegExp {
  readonly #pattern: RE2JS;
  readonly #text: string;

  /** @throws RE2JSException when the engine has no such expression; see `explainRefusal` */
  constructor(text: string) {
    super("");
    this.#text = text;
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

  override get source(): string {
    return this.#text;
  }

  /** True where it is found anywhere in the text, as JSON Schema has it. */
  override test(text: string): boolean {
    return this.#pattern.matcher(text).find();
  }
}

/** Signs that may repeat without bound, outside of what is escaped and of sets of characters. */
const UNBOUNDED = /\\.|\[(?:\\.|[^\]\\])*\]|([*+]|\{\d+,\})/gs;

/** How many parts of a pattern may repeat without bound. */
export function countUnbounded(pattern: string): number {
  return [...pattern.matchAll(UNBOUNDED)].filter(([, sign]) => sign !== undefined).length;
}
