import { isJsonObject, type JsonObject, type JsonValue } from "../../../vocabulary/json.ts";
import { type Check, Evaluation, UncheckableError } from "./evaluation.ts";
import { resolveReference } from "./json-pointer.ts";
import { arrayKeywords, unevaluatedItems } from "./keywords/array-keywords.ts";
import { inPlaceKeywords } from "./keywords/in-place-keywords.ts";
import type { Keyword, Keywords, SchemaCompiler } from "./keywords/keyword.ts";
import { numberKeywords } from "./keywords/number-keywords.ts";
import { objectKeywords, unevaluatedProperties } from "./keywords/object-keywords.ts";
import { textKeywords } from "./keywords/text-keywords.ts";
import { valueKeywords } from "./keywords/value-keywords.ts";

/** In the order in which they look at a value. */
const KEYWORDS: Keywords = {
  ...valueKeywords,
  ...numberKeywords,
  ...textKeywords,
  ...objectKeywords,
  ...arrayKeywords,
  ...inPlaceKeywords,
};

/** They ask what all others have looked at. */
const LAST_KEYWORDS: Keywords = { unevaluatedItems, unevaluatedProperties };

/**
 * Compiles a schema without mistakes.
 * @returns a function that says what is wrong with a value, a line each
 */
export function compileSchema(schema: JsonObject): (value: JsonValue) => string[] {
  const check = new Compilation(schema).compile(schema);
  const tracksSeen = Object.keys(LAST_KEYWORDS).some((name) =>
    JSON.stringify(schema).includes(name),
  );
  return (value) => {
    const evaluation = new Evaluation(tracksSeen);
    try {
      return check(value, evaluation) ? [] : [...new Set(evaluation.complaints)];
    } catch (error) {
      if (!(error instanceof UncheckableError)) throw error;
      return [error.message];
    }
  };
}

class Compilation implements SchemaCompiler {
  readonly #root: JsonObject;
  readonly #compiled = new Map<JsonObject, Check>();

  constructor(root: JsonObject) {
    this.#root = root;
  }

  compile(schema: JsonValue): Check {
    if (!isJsonObject(schema)) return schema === false ? refuse : allow;
    const known = this.#compiled.get(schema);
    if (known) return known;
    let check: Check = allow;
    // What it holds may refer to it.
    this.#compiled.set(schema, (value, evaluation) => check(value, evaluation));
    check = this.#compileObject(schema);
    return check;
  }

  follow(reference: string): Check {
    return this.compile(resolveReference(reference, this.#root) ?? false);
  }

  #compileObject(schema: JsonObject): Check {
    const checks = this.#compileKeywords(schema, KEYWORDS);
    const last = this.#compileKeywords(schema, LAST_KEYWORDS);
    const checkAll: Check = (value, evaluation) => evaluation.all([...checks, ...last], value);
    if (last.length === 0) return (value, evaluation) => evaluation.all(checks, value);
    // What the schemas around it have looked at is nothing to its own rest.
    return (value, evaluation) => {
      const attempt = evaluation.attempt(checkAll, value);
      if (attempt.passes) evaluation.adopt(attempt);
      else evaluation.blame(attempt);
      return attempt.passes;
    };
  }

  #compileKeywords(schema: JsonObject, keywords: Keywords): Check[] {
    const present = Object.entries(keywords).filter(([name]) => Object.hasOwn(schema, name));
    return present.map(([name, keyword]: [string, Keyword]) =>
      keyword(schema[name] ?? null, schema, this),
    );
  }
}

const allow: Check = () => true;
const refuse: Check = (_value, evaluation) => evaluation.complain("must not be there");
