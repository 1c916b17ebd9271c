import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileTemplate } from "./compile-template.ts";
import { compileLiquidTemplate } from "./liquid-template.ts";
import { compilePlainTemplate } from "./plain-template.ts";
import { TemplateError } from "./template-error.ts";

function render(source: string, scope: object): string {
  return compileTemplate(source).render(scope);
}

function catchTemplateError(action: () => unknown): TemplateError {
  try {
    action();
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error("no error was thrown");
}

test("variables are replaced by their values", () => {
  expect(render("Ticket {{ row.id }}: {{row.body}}!", { row: { id: 7, body: "It broke" } })).toBe(
    "Ticket 7: It broke!",
  );
});

test("Liquid tags and filters work", () => {
  const source = `{% for row in rows %}{{ row.name | upcase }}{% unless forloop.last %}, {% endunless %}{% endfor %}`;
  expect(render(source, { rows: [{ name: "ann" }, { name: "bob" }] })).toBe("ANN, BOB");
});

test.each([
  ["null", null, ""],
  ["a number", 1.5, "1.5"],
  ["a boolean", false, "false"],
  ["an array", [1, "two"], '[1,"two"]'],
  ["an object", { a: null }, '{"a":null}'],
])("%s is written the same with and without Liquid", (_, value, text) => {
  expect(render("<{{ value }}>", { value })).toBe(`<${text}>`);
  expect(render("<{%- echo value -%}>{{ value }}", { value })).toBe(`<${text}>${text}`);
});

test("values are data and never read as template", () => {
  const value = "{{ secret }}{% raw %}";
  expect(render("{{ value }}", { value, secret: "s" })).toBe(value);
  expect(render("{% assign copy = value %}{{ copy }}", { value, secret: "s" })).toBe(value);
});

describe("variables", () => {
  test("are listed with their paths and places", () => {
    expect(compileTemplate("{{ row.body }} {{x}}").variables).toEqual([
      { path: ["row", "body"], offset: 3 },
      { path: ["x"], offset: 17 },
    ]);
  });

  test("in tags, filters and brackets are listed too", () => {
    const source = `é😀\n{% if row.a %}{{ row["b c"] | append: row.d }}{% endif %}{{ rows[0].id }}`;
    const { variables } = compileTemplate(source);
    expect(variables.map(({ path }) => path.join("/"))).toEqual([
      "row/a",
      "row/b c",
      "row/d",
      "rows/0/id",
    ]);
    expect(variables.map(({ offset }) => source.slice(offset, offset + 3))).toEqual([
      "row",
      "row",
      "row",
      "row",
    ]);
  });

  test("that a template declares itself are not listed", () => {
    const source = `{% assign sum = row.a %}{% for r in rows %}{{ r.x }}{{ forloop.index }}{{ sum }}{% endfor %}`;
    expect(compileTemplate(source).variables.map(({ path }) => path)).toEqual([
      ["row", "a"],
      ["rows"],
    ]);
  });

  test("end where a path is computed", () => {
    expect(compileTemplate("{{ row[name].x }}").variables.map(({ path }) => path)).toEqual([
      ["row"],
      ["name"],
    ]);
  });
});

describe("a missing variable", () => {
  test.each(["a {{ row.zz }}", "a {{ row.zz | upcase }}"])("is an error: %s", (source) => {
    const error = catchTemplateError(() => render(source, { row: {} }));
    expect(error).toMatchObject({
      message: 'variable "row.zz" has no value',
      variable: "row.zz",
      offset: 5,
    });
  });

  test("may be asked for in a condition and given a default", () => {
    const source = `{% if row.zz %}yes{% else %}no{% endif %} {{ row.zz | default: "none" }}`;
    expect(render(source, { row: {} })).toBe("no none");
  });

  test("may be in some of the items that a filter looks into", () => {
    const rows = [{ id: 1, reply: { mood: "angry" } }, { id: 2 }];
    expect(render(`{{ rows | where: "reply.mood", "angry" | map: "id" }}`, { rows })).toBe("[1]");
    const source = `{% assign some = rows | where: "reply.mood" %}{{ row.zz | upcase }}`;
    expect(catchTemplateError(() => render(source, { rows, row: {} })).variable).toBe("row.zz");
  });

  test.each(["constructor", "__proto__", "toString", "row.constructor", "row.hasOwnProperty"])(
    "is not found on a prototype: %s",
    (name) => {
      for (const source of [`{{ ${name} }}`, `{{ ${name} | append: "" }}`]) {
        expect(catchTemplateError(() => render(source, { row: {} })).variable).toBe(name);
      }
    },
  );
});

describe("a template that cannot be read", () => {
  test.each([
    ["Dear {{ row.name", 'output "{{ row.name" not closed', 5],
    ["{% if x %}", "tag {% if x %} not closed", 0],
    ["a {{ x | shout }}", "undefined filter: shout", 2],
    ["{{ }}", 'invalid value expression: ""', 3],
  ])("says what is wrong and where: %s", (source, message, offset) => {
    expect(catchTemplateError(() => compileTemplate(source))).toMatchObject({ message, offset });
  });

  test.each(["include", "render", "layout"])("is one that reads files: %s", (tag) => {
    const error = catchTemplateError(() => compileTemplate(`{% ${tag} "/etc/hostname" %}`));
    expect(error.message).toBe(`tag "${tag}" not found`);
  });

  test("is one that reads values as expressions", () => {
    const source = `{{ rows | where_exp: "r", row.body }}`;
    expect(catchTemplateError(() => compileTemplate(source)).message).toBe(
      "undefined filter: where_exp",
    );
  });
});

test("a template that asks for too much memory is stopped", () => {
  const source = "{% for i in (1..1000000000) %}x{% endfor %}";
  expect(catchTemplateError(() => render(source, {})).message).toBe("memory alloc limit exceeded");
});

test("rendering leaves the scope as it was", () => {
  const scope = { row: { n: 1 } };
  render("{% assign row = 5 %}{% capture n %}x{% endcapture %}{{ row }}", scope);
  expect(scope).toEqual({ row: { n: 1 } });
});

const loops = (count: number) =>
  `{% for a in (1..${count}) %}{% for b in (1..${count}) %}{{ b }}{% endfor %}{% endfor %}`;

test("a prompt of loops inside loops ends after so many steps, on every machine", () => {
  const { message } = catchTemplateError(() => render(loops(1_000), {}));
  expect(message).toBe("it takes more than 100,000 steps to be filled in");
  expect(render(loops(200), {})).toHaveLength(200 * (9 + 2 * 90 + 3 * 101));
});

const name = fc.constantFrom("row", "body", "a-b", "a_1", "steps", "size", "empty", "not", "zz");
const output = fc
  .tuple(fc.constantFrom("{{", "{{ ", "{{\t"), fc.array(name, { minLength: 1, maxLength: 3 }))
  .map(([opening, path]) => `${opening}${path.join(".")} }}`);
const text = fc.constantFrom("", "a", "\r\n", "{", "}", "}}", "%}", "€😀", "-", '"');
const anySource = fc.array(fc.oneof(output, text), { maxLength: 8 }).map((parts) => parts.join(""));
const anyScope = fc.dictionary(name, fc.oneof(fc.jsonValue(), fc.dictionary(name, fc.jsonValue())));

function describeOutcome(action: () => string): object {
  try {
    return { text: action() };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { variable: error.variable, offset: error.offset };
  }
}

test("the plain path and Liquid agree on everything the plain path accepts", () => {
  let compared = 0;
  fc.assert(
    fc.property(anySource, anyScope, (source, scope) => {
      const plain = compilePlainTemplate(source);
      if (plain === undefined) return;
      compared += 1;
      const liquid = compileLiquidTemplate(source);
      expect(plain.variables).toEqual(liquid.variables);
      expect(describeOutcome(() => plain.render(scope))).toEqual(
        describeOutcome(() => liquid.render(scope)),
      );
    }),
    { numRuns: 1000 },
  );
  expect(compared).toBeGreaterThan(200);
});
