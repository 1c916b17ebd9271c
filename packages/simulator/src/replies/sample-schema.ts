import { drawInteger, drawItem, type Random } from "../random.ts";
import { sampleNumber } from "./sample-number.ts";
import { sampleString } from "./sample-string.ts";
import {
  readSchemaNode,
  resolveReference,
  UnsupportedSchemaError,
  type SchemaNode,
} from "./schema-node.ts";

/** Below this depth only required values are made, so that recursive schemas come to an end. */
const MAX_OPTIONAL_DEPTH = 5;
/** A schema that needs more values than this has no end, or is not meant for a reply. */
const MAX_VALUES = 5_000;
const MAX_DEPTH = 200;
const OPTIONAL_PROPERTY_SHARE = 0.7;
/** An array of no stated length has up to this many items more than it must. */
const MAX_EXTRA_ITEMS = 2;
/** Draws that may be spent on replacing equal items of an array of unique ones. */
const MAX_DUPLICATES = 50;

/**
 * A value that is valid for a JSON Schema, as far as structured outputs permit its keywords.
 * @throws UnsupportedSchemaError for a schema that uses others, or that nothing small satisfies.
 */
export function sampleSchema(root: unknown, random: Random): unknown {
  return new Sampler(root, random).sample(root, "value", 0);
}

class Sampler {
  readonly #root: unknown;
  readonly #random: Random;
  #values = 0;

  constructor(root: unknown, random: Random) {
    this.#root = root;
    this.#random = random;
  }

  /** `name` is that of the nearest property, `depth` counts objects, arrays, references and choices. */
  sample(schema: unknown, name: string, depth: number): unknown {
    this.#values += 1;
    if (this.#values > MAX_VALUES || depth > MAX_DEPTH) {
      throw new UnsupportedSchemaError("it has no small example");
    }
    const node = readSchemaNode(schema);
    if (node.$ref !== undefined) {
      return this.sample(resolveReference(this.#root, node.$ref), name, depth + 1);
    }
    if (node.anyOf) return this.sample(this.#chooseBranch(node.anyOf, depth), name, depth + 1);
    if ("const" in node) return node.const;
    if (node.enum) return drawItem(this.#random, node.enum);
    return this.#sampleType(node, name, depth);
  }

  #sampleType(node: SchemaNode, name: string, depth: number): unknown {
    const type = this.#chooseType(node, depth);
    switch (type) {
      case "object":
        return this.#sampleObject(node, depth);
      case "array":
        return this.#sampleArray(node, name, depth);
      case "string":
        return sampleString(node, name, this.#random);
      case "number":
      case "integer":
        return sampleNumber(node, type, this.#random);
      case "boolean":
        return this.#random() < 0.5;
      case "null":
        return null;
      default:
        throw new UnsupportedSchemaError(`there is no type '${type}'`);
    }
  }

  #sampleObject(node: SchemaNode, depth: number): Record<string, unknown> {
    const missing = new Set(node.required);
    const entries: [string, unknown][] = [];
    for (const [name, property] of Object.entries(node.properties ?? {})) {
      const isRequired = missing.delete(name);
      if (isRequired || (property !== false && this.#wantsOptional(depth))) {
        entries.push([name, this.sample(property, name, depth + 1)]);
      }
    }
    for (const name of missing) {
      entries.push([name, this.sample(node.additionalProperties, name, depth + 1)]);
    }
    // Unlike assignment, this makes an ordinary property of `__proto__` too.
    return Object.fromEntries(entries);
  }

  #wantsOptional(depth: number): boolean {
    return depth <= MAX_OPTIONAL_DEPTH && this.#random() < OPTIONAL_PROPERTY_SHARE;
  }

  #sampleArray(node: SchemaNode, name: string, depth: number): unknown[] {
    const { minItems = 0, maxItems = Infinity } = node;
    const most =
      depth > MAX_OPTIONAL_DEPTH ? minItems : Math.min(maxItems, minItems + MAX_EXTRA_ITEMS);
    const length = drawInteger(this.#random, Math.max(minItems, Math.min(1, most)), most);
    const items = new Map<unknown, unknown>();
    for (let tries = 0; items.size < length && tries < length + MAX_DUPLICATES; tries += 1) {
      const item = this.sample(node.items, name, depth + 1);
      items.set(node.uniqueItems ? JSON.stringify(item) : tries, item);
    }
    if (items.size >= minItems) return [...items.values()];
    throw new UnsupportedSchemaError(`'${name}' needs more different items than were found`);
  }

  #chooseBranch(branches: readonly unknown[], depth: number): unknown {
    if (depth <= MAX_OPTIONAL_DEPTH) return drawItem(this.#random, branches);
    return branches.toSorted((one, other) => weighBranch(one) - weighBranch(other))[0];
  }

  #chooseType(node: SchemaNode, depth: number): string {
    const { type } = node;
    if (typeof type === "string") return type;
    if (type) {
      const isNullEnough = depth > MAX_OPTIONAL_DEPTH && type.includes("null");
      return isNullEnough ? "null" : drawItem(this.#random, type);
    }
    if (node.properties || node.required) return "object";
    if (node.items !== undefined) return "array";
    const bounds = [node.minimum, node.maximum, node.exclusiveMinimum, node.exclusiveMaximum];
    return [...bounds, node.multipleOf].some((bound) => bound !== undefined) ? "number" : "string";
  }
}

/** How likely a branch is to lead deeper: plain values least, then arrays, objects and references. */
function weighBranch(branch: unknown): number {
  const node = readSchemaNode(branch);
  if (node.$ref !== undefined || node.anyOf) return 3;
  if (node.properties || node.type === "object") return 2;
  return node.items !== undefined || node.type === "array" ? 1 : 0;
}
