import { assert, constantFrom, property, string } from "fast-check";
import { expect, test } from "vitest";
import { compileMarkdownTemplate } from "./compile-markdown-template.ts";

function render(source: string, value: unknown): string {
  return compileMarkdownTemplate(source).render({ value });
}

/** The text as a reader sees it. */
function withoutGaps(text: string): string {
  return text.replaceAll("\u200B", "");
}

test.each([
  ["# Heading", "\\# Heading"],
  ["- item", "\\- item"],
  ["12. item", "12\\. item"],
  ["===", "\\==="],
  ["*a* _b_ ~c~ `d` $e$ \\", "\\*a\\* \\_b\\_ \\~c\\~ \\`d\\` \\$e\\$ \\\\"],
  ["a | b", "a \\| b"],
  ["[x](y) ![z][w]", "\\[x\\](y) !\\[z\\]\\[w\\]"],
  ["<img src=x> &amp;", "&lt;img src=x&gt; &amp;amp;"],
  [" one\r\ntwo\n\n# three ", "one<br>two<br><br># three"],
  ["-1.5", "\\-1.5"],
  [1.5, "1.5"],
  [null, ""],
  [{ a: "|" }, '{"a":"\\|"}'],
])("%j is shown as text", (value, markdown) => {
  expect(withoutGaps(render("{{ value }}", value))).toBe(markdown);
});

/** What GitHub, or a renderer that links bare addresses, would act on; gaps keep it apart. */
const ACTIVE =
  /@\w|#\d|GH-\d|:\\*\/|www\\*\.|<(?!br>)[a-z/!?]|&#|!\[|(?<!\\)\](?=[(:])|```(?:mermaid|geojson)/i;

const HOSTILE = [
  "@octocat and @org/team",
  "closes #1, Fixes GH-2, resolves org/repo#3",
  "https://evil.example http:\\//evil.example www.evil.example www\\.evil.example",
  "mail a@b.example",
  "![pixel](https://evil.example/p.png) [click](//evil.example)",
  "[name]\n\n[name]: https://evil.example",
  '<img src="https://evil.example/p.png"><script>alert(1)</script><!-- -->',
  "<https://evil.example>",
  "&#64;octocat &commat;octocat",
  '```mermaid\nclick A "https://evil.example"\n```',
  "~~~ GeoJSON\n{}",
];

test.each(HOSTILE)("%j does nothing, as text or with its formatting", (value) => {
  expect(value).toMatch(/[@#:<&`~!\]]/);
  expect(render("{{ value }}", value)).not.toMatch(ACTIVE);
  expect(render("{{ value | markdown }}", value)).not.toMatch(ACTIVE);
  expect(withoutGaps(render("{{ value | markdown }}", value))).toContain(value);
});

test("whatever hands put together, nothing in it acts, and nothing of it is lost", () => {
  const pieces = string({
    unit: constantFrom(..."@a1#:/\\.<>!?&;[]()`~wGH-\n ", "www.", "GH-", "://", "```"),
    maxLength: 20,
  });
  assert(
    property(pieces, (value) => {
      const text = render("{{ value }}", value);
      expect(text).not.toMatch(ACTIVE);
      expect(text).not.toContain("\n");
      const tamed = render("{{ value | markdown }}", value);
      expect(tamed).not.toMatch(ACTIVE);
      expect(withoutGaps(tamed).startsWith(value)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test("the markdown filter keeps headings, lists, emphasis, tables and code", () => {
  const value = "## Topics\n\n- **Login** fails\n\n| a | b |\n| - | - |\n\n```js\na < b && c\n```";

  expect(render("{{ value | markdown }}", value)).toBe(value);
});

test("code that never ends is ended", () => {
  expect(render("{{ value | markdown }}\n# Next", "Look:\n````\n```\ncode")).toBe(
    "Look:\n````\n```\ncode\n````\n# Next",
  );
});

test("only raw trusts a value, and only as the last filter", () => {
  expect(render("{{ value | raw }}", "<b>@you</b>")).toBe("<b>@you</b>");
  expect(render("{{ value | raw | upcase }}", "<b>")).toBe("&lt;B&gt;");
});

test("the template's own text is left as it is, and loops work", () => {
  const template = compileMarkdownTemplate(
    "# [Docs](https://rota.example)\n{% for row in rows %}| {{ row.a }} |\n{% endfor %}",
  );

  expect(template.render({ rows: [{ a: "x|y" }, { a: "1\n2" }] })).toBe(
    "# [Docs](https://rota.example)\n| x\\|y |\n| 1<br>2 |\n",
  );
});
