import { isAlias, isMap, isScalar, isSeq, type Alias, type Node, type YAMLMap, visit } from "yaml";
import type { JsonValue } from "../vocabulary/json.ts";
import type { ProblemCode } from "../vocabulary/problem.ts";
import { MAX_NESTING } from "./parse-yaml-tokens.ts";

/** Bounds what aliases can multiply: no file has more values of its own. */
const MAX_VALUES = 100_000;

export interface NodeProblem {
  readonly code: ProblemCode;
  readonly message: string;
  readonly remedy: string;
  readonly node: Node;
}

export interface ConvertedYaml {
  readonly value: JsonValue;
  /** What each alias stands for. */
  readonly aliases: ReadonlyMap<Node, Node>;
  readonly problems: readonly NodeProblem[];
}

/**
 * Turns nodes into plain values. Done here and not by the library because objects get no
 * prototype, duplicate keys are found in linear time, and aliases are bounded by what they expand
 * to in number and in depth.
 */
export function convertYamlNode(root: Node | null): ConvertedYaml {
  const aliases = resolveAliases(root);
  const problems: NodeProblem[] = [];
  let valueCount = 0;
  let exhausted = false;

  function convert(node: unknown, depth: number): JsonValue {
    if (exhausted) return null;
    valueCount += 1;
    if (isAlias(node)) return convertAlias(node, depth);
    if (isMap(node)) return convertMap(node, depth);
    if (isSeq(node)) return node.items.map((item) => convert(item, depth + 1));
    return isScalar(node) ? convertScalar(node, node.value) : null;
  }

  function convertAlias(alias: Alias, depth: number): JsonValue {
    const target = aliases.get(alias);
    if (!target) {
      report(alias, "yaml", `no anchor "&${alias.source}" before this alias`, "Define it above");
      return null;
    }
    if (valueCount > MAX_VALUES || depth > MAX_NESTING) {
      exhausted = true;
      report(alias, "too-large", "aliases expand to too much", "Write fewer aliases of aliases");
      return null;
    }
    return convert(target, depth + 1);
  }

  function convertMap(map: YAMLMap, depth: number): JsonValue {
    const object: Record<string, JsonValue> = Object.create(null);
    for (const { key, value } of map.items) {
      // Other keys were refused when the nodes were composed.
      if (!isScalar<string | number | boolean | null>(key)) continue;
      const name = String(key.value ?? "");
      if (name === "__proto__") {
        report(key, "invalid-value", `"__proto__" cannot be a name`, "Choose another name");
      } else if (name in object) {
        report(key, "duplicate", `duplicate field "${name}"`, "Keep one of the two");
      } else {
        object[name] = convert(value, depth + 1);
      }
    }
    return object;
  }

  function convertScalar(node: Node, value: unknown): JsonValue {
    if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    report(node, "invalid-value", "this is not a finite number", "Put text in quotes");
    return null;
  }

  function report(node: Node, code: ProblemCode, message: string, remedy: string): void {
    problems.push({ node, code, message, remedy });
  }

  return { value: convert(root, 0), aliases, problems };
}

/** An alias stands for the last node before it that has its anchor. */
function resolveAliases(root: Node | null): ReadonlyMap<Node, Node> {
  const anchors = new Map<string, Node>();
  const aliases = new Map<Node, Node>();
  visit(root, {
    Alias(_, alias) {
      const target = anchors.get(alias.source);
      if (target) aliases.set(alias, target);
    },
    Value(_, node) {
      if (node.anchor) anchors.set(node.anchor, node);
    },
  });
  return aliases;
}
