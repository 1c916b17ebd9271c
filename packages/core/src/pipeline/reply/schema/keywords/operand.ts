import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from "../../../../vocabulary/json.ts";

/** Operands as the meta-schema has them; empty where there is none. */

export function toText(operand: JsonValue | undefined): string {
  return typeof operand === "string" ? operand : "";
}

export function toArray(operand: JsonValue | undefined): readonly JsonValue[] {
  return isJsonArray(operand) ? operand : [];
}

export function toTexts(operand: JsonValue | undefined): readonly string[] {
  return toArray(operand).map(toText);
}

export function toObject(operand: JsonValue | undefined): JsonObject {
  return isJsonObject(operand) ? operand : {};
}
