import type { JsonObject, JsonValue } from "../../../../vocabulary/json.ts";
import type { Check } from "../evaluation.ts";

/** What keywords ask of the schema they stand in. */
export interface SchemaCompiler {
  /** @param schema a schema inside this one */
  compile(schema: JsonValue): Check;
  /** @param reference the operand of `$ref` */
  follow(reference: string): Check;
}

/**
 * What a keyword asks of a value. Its operand is as the meta-schema has it, which was looked at before.
 * @param schema the schema it stands in: some keywords ask what their neighbours leave over
 */
export type Keyword = (operand: JsonValue, schema: JsonObject, compiler: SchemaCompiler) => Check;

export type Keywords = Readonly<Record<string, Keyword>>;
