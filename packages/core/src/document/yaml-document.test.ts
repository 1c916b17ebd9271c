import * as fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import type { Position } from "../vocabulary/problem.ts";
import { readYaml } from "./read-yaml.ts";

const TEXT = `name: triage
steps:
  - id: classify
    with: { a: "one", b: two }
  - &second
    id: reply
again: *second
`;

/** `line:column` and the text that the caret underlines. */
function show({ line, column, length, excerpt }: Position): string {
  return `${line}:${column} ${excerpt.slice(column - 1, column - 1 + length)}`;
}

test("a position is that of the value, or of its key when asked", () => {
  const document = readYaml(TEXT, "a.yml");
  expect(show(document.position(["name"]))).toBe("1:7 triage");
  expect(show(document.position(["name"], "key"))).toBe("1:1 name");
  expect(show(document.position(["steps", 0, "with", "a"]))).toBe('4:16 "one"');
  expect(show(document.position(["steps", 1, "id"]))).toBe("6:9 reply");
});

test("a map or list is shown by its key, an entry of a list by its first line", () => {
  const document = readYaml(TEXT, "a.yml");
  expect(show(document.position(["steps"]))).toBe("2:1 steps");
  expect(show(document.position(["steps", 0, "with"]))).toBe("4:5 with");
  expect(show(document.position(["steps", 0]))).toBe("3:5 id: classify");
});

test("what is missing is shown by what should hold it", () => {
  const document = readYaml(TEXT, "a.yml");
  expect(show(document.position(["steps", 0, "with", "c", "d"]))).toBe("4:5 with");
  expect(show(document.position(["steps", 0, "model"]))).toBe("3:5 id: classify");
  expect(show(document.position(["model"]))).toBe("1:1 name: triage");
  expect(show(readYaml("", "a.yml").position(["model"]))).toBe("1:1 ");
});

test("a path through an alias leads to what it stands for", () => {
  const document = readYaml(TEXT, "a.yml");
  expect(show(document.position(["again", "id"]))).toBe("6:9 reply");
});

test("a problem names file, place and remedy", () => {
  const what = { code: "invalid-value", message: "it is wrong", remedy: "Mend it" } as const;
  expect(readYaml(TEXT, "a.yml").problem(["name"], what)).toEqual({
    ...what,
    file: "a.yml",
    position: { line: 1, column: 7, length: 6, excerpt: "name: triage" },
  });
});

test("a place inside a text is found in every style of writing it", () => {
  const document = readYaml(
    [
      "plain: hello {{ x }}",
      'double: "say \\"hi\\"\\n {{ x }}"',
      "single: 'it''s {{ x }}'",
      "literal: |",
      "  first line",
      "",
      "    {{ x }}",
      "folded: >-",
      "  some words",
      "  {{ x }}",
      "",
    ].join("\r\n"),
    "a.yml",
  );
  const places = Object.entries(document.value ?? {}).map(([name, text]) =>
    show(document.positionInside([name], String(text).indexOf("{{"), 7)),
  );
  expect(places).toEqual([
    "1:14 {{ x }}",
    "2:23 {{ x }}",
    "3:16 {{ x }}",
    "7:5 {{ x }}",
    "10:3 {{ x }}",
  ]);
});

test("every printed character of any text is found where it stands", () => {
  const style = fc.constantFrom(
    "PLAIN" as const,
    "QUOTE_SINGLE" as const,
    "BLOCK_LITERAL" as const,
    "BLOCK_FOLDED" as const,
  );
  const words = fc.array(fc.constantFrom("a", "b'c", "{{ d }}", " ", "\n", "é", "# e", ": f"));
  fc.assert(
    fc.property(words, style, (parts, defaultStringType) => {
      const text = parts.join("");
      const source = stringify({ key: text }, { defaultStringType, lineWidth: 20 });
      const document = readYaml(source, "a.yml");
      // Not quite the text that went in: the library adds empty lines at the head of some blocks.
      const value = String(Object.values(document.value ?? {})[0]);
      for (const [offset, character] of [...value].entries()) {
        if (!/\S/.test(character)) continue;
        const { excerpt, column } = document.positionInside(["key"], offset);
        expect(excerpt[column - 1]).toBe(character);
      }
    }),
  );
});

test("the end of a text is right behind its last character", () => {
  const document = readYaml('a: "x {{"\n', "a.yml");
  expect(document.positionInside(["a"], 4).column).toBe(9);
});
