import type { ASTNode } from "@marcbachmann/cel-js";

/** A name with what is selected from it: `steps.classify.output`, `row["a b"]`. */
export interface NodePath {
  readonly path: readonly string[];
  readonly node: ASTNode;
}

/** Every path in an expression, the longest at each place. */
export function* findPaths(node: ASTNode): Generator<NodePath> {
  const path = readPath(node);
  if (path) yield { path, node };
  else for (const child of listChildren(node)) yield* findPaths(child);
}

/** Every call of a function or method of that name. */
export function* findCalls(node: ASTNode, name: string): Generator<ASTNode> {
  if ((node.op === "call" || node.op === "rcall") && node.args[0] === name) yield node;
  for (const child of listChildren(node)) yield* findCalls(child, name);
}

/** Looks through lists: what stands inside of one is done for each item. */
const LOOPS = new Set(["all", "exists", "exists_one", "map", "filter"]);

/** The first loop that stands inside of `depth` others. */
export function findLoopInside(node: ASTNode, depth: number): ASTNode | undefined {
  const isLoop = node.op === "rcall" && LOOPS.has(node.args[0]);
  if (isLoop && depth === 0) return node;
  for (const child of listChildren(node)) {
    const found = findLoopInside(child, isLoop ? depth - 1 : depth);
    if (found) return found;
  }
  return undefined;
}

function readPath(node: ASTNode): readonly string[] | undefined {
  if (node.op === "id") return [node.args];
  if (node.op !== "." && node.op !== "[]") return undefined;
  const [of, key] = node.args;
  const name = typeof key === "object" && key.op === "value" ? key.args : key;
  const parent = readPath(of);
  return parent && typeof name === "string" ? [...parent, name] : undefined;
}

/** Operands are nodes, lists of nodes, or lists of pairs of them, among names and literals. */
function listChildren(node: ASTNode): ASTNode[] {
  const operands: readonly unknown[] = [node.args];
  return operands.flat(3).filter(isNode);
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === "object" && value !== null && "op" in value;
}
