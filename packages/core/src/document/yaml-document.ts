import { isMap, isScalar, isSeq, type Node } from "yaml";
import type { JsonValue } from "../vocabulary/json.ts";
import type { Position, Problem, ProblemText } from "../vocabulary/problem.ts";
import { findScalarOffset } from "./find-scalar-offset.ts";
import type { TextLocator } from "./text-locator.ts";

/** Names of fields and indexes of lists, from the root. */
export type DocumentPath = readonly (string | number)[];

/** Which of the two a problem is about, where a value has a key. */
export type DocumentPart = "key" | "value";

/** A YAML text that the user wrote: its value, and where each part of it stands. */
export class YamlDocument {
  /** The path as the user gave it. */
  readonly file: string;
  readonly text: string;
  /** Objects have no prototype. `null` for an empty text. */
  readonly value: JsonValue;
  readonly #root: Node | null;
  readonly #aliases: ReadonlyMap<Node, Node>;
  readonly #locator: TextLocator;

  constructor(parts: {
    file: string;
    text: string;
    value: JsonValue;
    root: Node | null;
    aliases: ReadonlyMap<Node, Node>;
    locator: TextLocator;
  }) {
    this.file = parts.file;
    this.text = parts.text;
    this.value = parts.value;
    this.#root = parts.root;
    this.#aliases = parts.aliases;
    this.#locator = parts.locator;
  }

  /**
   * Where the part at `path` stands. A map or list is shown by its key where it has one. What does
   * not exist is shown by the nearest thing around it that does.
   */
  position(path: DocumentPath, part: DocumentPart = "value"): Position {
    const { node, key, found } = this.#find(path);
    const showKey = part === "key" || !found || isMap(node) || isSeq(node);
    const [start, end] = (showKey && key?.range) || node?.range || [0, 0];
    return this.#locator.locate(start, end);
  }

  /**
   * Where a place inside the text value at `path` stands.
   * @param offset UTF-16 units from the beginning of the value.
   * @param length of the place, in units.
   */
  positionInside(path: DocumentPath, offset: number, length = 1): Position {
    const { node, found } = this.#find(path);
    if (!found || !isScalar(node)) return this.position(path);
    const start = findScalarOffset(this.text, node, offset);
    return this.#locator.locate(start, start + length);
  }

  problem(path: DocumentPath, what: ProblemText, part?: DocumentPart): Problem {
    return { ...what, file: this.file, position: this.position(path, part) };
  }

  /** Whether the file says anything at the path. */
  has(path: DocumentPath): boolean {
    return this.#find(path).found;
  }

  /** Walks down as far as the path exists. `key` is the last map key on the way to `node`. */
  #find(path: DocumentPath): { node: Node | null; key: Node | undefined; found: boolean } {
    let node = this.#root;
    let key: Node | undefined;
    for (const name of path) {
      const step = this.#step(node, name);
      if (!step) return { node, key, found: false };
      key = step.key;
      node = step.node;
    }
    return { node, key, found: true };
  }

  #step(parent: Node | null, name: string | number): { key?: Node; node: Node } | undefined {
    const node = (parent && this.#aliases.get(parent)) ?? parent;
    if (isSeq<Node>(node)) {
      const item = node.items[Number(name)];
      return item && { node: item };
    }
    if (!isMap<Node, Node | null>(node)) return undefined;
    const pair = node.items.find(
      ({ key }) =>
        isScalar<string | number | boolean | null>(key) && String(key.value ?? "") === `${name}`,
    );
    return pair && { key: pair.key, node: pair.value ?? pair.key };
  }
}
