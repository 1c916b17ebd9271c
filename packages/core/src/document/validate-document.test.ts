import { expect, test } from "vitest";
import { z } from "zod";
import { readYaml } from "./read-yaml.ts";
import { validateDocument } from "./validate-document.ts";

/** Each problem as `line:column message -> remedy`. */
function check(text: string, schema: z.ZodType): string[] {
  return validateDocument(readYaml(text, "a.yml"), schema).problems.map(
    ({ position, message, remedy }) =>
      `${position?.line}:${position?.column} ${message} -> ${remedy}`,
  );
}

const chatMessage = z.strictObject({ role: z.enum(["system", "user"]), content: z.string() });

const step = z.union([
  z.strictObject({ id: z.string(), messages: z.array(chatMessage).min(1) }),
  z.strictObject({ id: z.string(), prompt: z.string(), with: z.record(z.string(), z.string()) }),
]);

test("a right document becomes a value of the schema's type", () => {
  const schema = z.strictObject({ name: z.string(), per: z.enum(["row", "run"]).default("row") });
  const { value, problems } = validateDocument(readYaml("name: a", "a.yml"), schema);
  expect(value).toEqual({ name: "a", per: "row" });
  expect(problems).toEqual([]);
});

test("everything wrong is reported at once, in the order of the file", () => {
  const schema = z.strictObject({
    name: z.string().min(1),
    concurrency: z.number().int().min(1).max(100).optional(),
    temperature: z.number().optional(),
    keys: z.array(z.string()).min(1).optional(),
    model: z.string(),
  });
  const text = 'name: ""\nconcurency: 5\nconcurrency: 0\ntemperature: "0.5"\nkeys: []\n';
  expect(check(text, schema)).toEqual([
    '1:1 missing field "model" -> Add "model": text',
    '1:7 "name" must not be empty -> Write some text',
    '2:1 unknown field "concurency" -> Did you mean "concurrency"?',
    '3:14 "concurrency" must be at least 1 -> Change the number',
    '4:14 "temperature" must be a number, not text -> Write the number without quotes',
    '5:1 "keys" must not be empty -> Add an entry',
  ]);
});

test("a wrong type names what is right and what is there", () => {
  const schema = z.strictObject({
    a: z.string(),
    b: z.string(),
    c: z.array(z.string()),
    d: z.number().int(),
  });
  expect(check("a: 5\nb:\nc: { x: 1 }\nd: 0.5\n", schema)).toEqual([
    '1:4 "a" must be text, not 5 -> Put it in quotes: "5"',
    '2:3 "b" must be text, not empty -> Give it a value, or remove the line',
    '3:1 "c" must be a list, not a map of fields -> Change it',
    '4:4 "d" must be a whole number, not 0.5 -> Change it',
  ]);
});

test("bounds are named as they are meant", () => {
  const schema = z.strictObject({
    a: z.number().positive(),
    b: z.number().lt(1),
    c: z.string().max(2),
    d: z.array(z.number()).min(2),
  });
  expect(check("a: 0\nb: 1\nc: abc\nd: [1]\n", schema)).toEqual([
    '1:4 "a" must be more than 0 -> Change the number',
    '2:4 "b" must be less than 1 -> Change the number',
    '3:4 "c" must have at most 2 characters -> Change the text',
    '4:1 "d" must have at least 2 entries -> Change their number',
  ]);
});

test("with nothing wrong but unknown fields there is a value to check further", () => {
  const schema = z.strictObject({ a: z.strictObject({ b: z.number() }) });
  const { value, problems } = validateDocument(
    readYaml("a: { b: 1, c: 2 }\nd: 3\n", "a.yml"),
    schema,
  );
  expect(problems.map(({ message }) => message)).toEqual([
    'unknown field "c"',
    'unknown field "d"',
  ]);
  expect(value).toEqual({ a: { b: 1 } });
});

test("an unknown field without a likely meaning lists what there is", () => {
  const schema = z.strictObject({ limits: z.strictObject({ a: z.number(), b: z.number() }) });
  expect(check("limits: { a: 1, b: 2, budget: 3 }\n", schema)).toEqual([
    '1:23 unknown field "budget" -> Remove it; "limits" may have: a, b',
  ]);
});

test("a wrong word gets the nearest right one, or all of them", () => {
  const schema = z.array(z.strictObject({ role: z.enum(["system", "user"]) }));
  expect(check("- role: usr\n- role: owner\n- role: 5\n", schema)).toEqual([
    '1:9 "role" cannot be "usr" -> Did you mean "user"?',
    '2:9 "role" cannot be "owner" -> Write "system" or "user"',
    '3:9 "role" must be "system" or "user", not 5 -> Change it',
  ]);
});

test("a union is judged by the branch that fits best", () => {
  const text = [
    "- { id: a, mesages: [] }",
    "- { id: b, messages: [{ role: usr, content: 5 }] }",
    "- { id: c, prompt: p, with: [] }",
    "- 7",
  ].join("\n");
  expect(check(text, z.array(step))).toEqual([
    '1:3 missing field "messages" -> Add "messages": a list',
    '1:12 unknown field "mesages" -> Did you mean "messages"?',
    '2:31 "role" cannot be "usr" -> Did you mean "user"?',
    '2:45 "content" must be text, not 5 -> Put it in quotes: "5"',
    '3:23 "with" must be a map of fields, not a list -> Change it',
    "4:3 entry 4 must be a map of fields, not 7 -> Change it",
  ]);
});

test("a union of plain types names them all", () => {
  const schema = z.strictObject({ limit: z.union([z.number(), z.literal("none"), z.null()]) });
  expect(check("limit: [1]\n", schema)).toEqual([
    '1:1 "limit" must be "none", a number or empty, not a list -> Change it',
  ]);
  expect(check("{}", schema)).toEqual([
    '1:1 missing field "limit" -> Add "limit": "none", a number or empty',
  ]);
});

test("a discriminated union names its kinds", () => {
  const schema = z.strictObject({
    source: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("file"), path: z.string() }),
      z.strictObject({ kind: z.literal("inline"), text: z.string() }),
    ]),
  });
  expect(check("source: { kind: fil, path: a }\n", schema)).toEqual([
    '1:17 "kind" cannot be "fil" -> Did you mean "file"?',
  ]);
  expect(check("source: { path: a }\n", schema)).toEqual([
    '1:1 missing field "kind" -> Add "kind": "file" or "inline"',
  ]);
  expect(check("source: { kind: file, pat: a }\n", schema)).toEqual([
    '1:1 missing field "path" -> Add "path": text',
    '1:23 unknown field "pat" -> Did you mean "path"?',
  ]);
});

test("a schema's own text is shown, with the remedy on its second line", () => {
  const schema = z.record(
    z.string().regex(/^[a-z]+$/, '"{name}" is no name\nUse letters'),
    z.any(),
  );
  expect(check("A1: x\n", schema)).toEqual(['1:1 "{name}" is no name -> Use letters']);
});

test("an empty file and a file of another shape say so", () => {
  const schema = z.strictObject({ name: z.string() });
  expect(check("", schema)).toEqual([
    "1:1 the file must be a map of fields, not empty -> Write its fields, one a line",
  ]);
  expect(check("- a\n", schema)).toEqual([
    "1:1 the file must be a map of fields, not a list -> Change it",
  ]);
});

test("of thousands of unknown fields the first hundred are placed, and more are told of", () => {
  const text = Array.from({ length: 8_000 }, (_, at) => `x${at}: 1`).join("\n");
  const problems = check(text, z.strictObject({ name: z.string().optional() }));
  expect(problems).toHaveLength(101);
  expect(problems[99]).toMatch(/^100:1 unknown field "x99"/);
  expect(problems[100]).toMatch(/there are more than these 100 problems.* -> Correct those above/);
});

test("a field that was renamed is answered with its name of now", () => {
  const schema = z.strictObject({ limits: z.strictObject({ maxFaults: z.number().optional() }) });
  const { problems } = validateDocument(
    readYaml("limits: { attempts: 3 }\n", "a.yml"),
    schema,
    new Map([["limits.attempts", "maxFaults"]]),
  );
  expect(problems).toMatchObject([
    { message: 'unknown field "attempts"', remedy: 'It is called "maxFaults" now' },
  ]);
});
