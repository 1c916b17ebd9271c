import fc from "fast-check";
import { expect, test } from "vitest";
import { createRedaction, createSecretMask } from "./redaction.ts";
import { Secret } from "./secret.ts";

const SECRET = "zq7+Canary/51ab04ce77==9f";
const redact = createRedaction([new Secret(SECRET)]);

test.for([
  ["as it is", SECRET],
  ["URL-encoded", encodeURIComponent(SECRET)],
  ["in base64", Buffer.from(SECRET).toString("base64")],
  ["in base64 without padding", Buffer.from(SECRET).toString("base64").replaceAll("=", "")],
  ["in the base64 of URLs", Buffer.from(SECRET).toString("base64url")],
  ["in hexadecimal", Buffer.from(SECRET).toString("hex")],
  ["in capital hexadecimal", Buffer.from(SECRET).toString("hex").toUpperCase()],
  [
    "URL-encoded with small letters",
    SECRET.replace("+", "%2b").replaceAll("/", "%2f").replaceAll("=", "%3d"),
  ],
  ["with the slashes of JSON", SECRET.replaceAll("/", "\\/")],
  ["all but its first three characters", SECRET.slice(3)],
  ["all but its last three characters", SECRET.slice(0, -3)],
  ["its beginning, as far as a cut leaves it", SECRET.slice(0, 12)],
  ["its middle", SECRET.slice(6, 18)],
  ["its end", SECRET.slice(-12)],
  ["over two lines", `${SECRET.slice(0, 11)}\r\n  ${SECRET.slice(11)}`],
])("a secret is redacted %s", ([, form]) => {
  expect(redact(`before ${form}; after`)).toMatch(/^before \[redacted\]=*; after$/);
});

test.for([
  "provided: sk-proj-****abcd.",
  "provided: gsk_abcd************wxyz",
  "Bearer some-token",
  'api_key="something"',
  "/v1?key=something",
])("what looks like a credential is redacted, whoever's it is: %s", (text) => {
  expect(redact(text)).toMatch(/(: |Bearer |="|\?key=)\[redacted\]"?$/);
});

test("ordinary words and emphasis stay", () => {
  const text = "The **key** of *** success, and a task-list; ---- ****";
  expect(redact(text)).toBe(text);
});

test("what all keys begin with costs nothing, however often a text has it", () => {
  const secrets = Array.from({ length: 100 }, (_, index) => {
    return new Secret(
      `sk-proj-${Buffer.from(`${index}-Zq7vR4n51ab04ce77Rm9f`).toString("base64")}`,
    );
  });
  const mask = createSecretMask(secrets);
  for (const encoding of ["utf8", "base64", "hex"] as const) {
    const text = Buffer.from("sk-proj-").toString(encoding).repeat(100_000);
    // Comparing each with all keys would take seconds.
    const begunAt = performance.now();
    expect(mask(text)).toBe(text);
    expect(performance.now() - begunAt).toBeLessThan(500);
  }
});

test("a long text without spaces takes no longer than its length", () => {
  // Looking on from every letter to the end would take minutes.
  expect(redact("a".repeat(1_000_000))).toHaveLength(1_000_000);
});

test.for(["Bearer ", "user:", "a", "ab", "abc", "", "Authorization: Basic é"])(
  "a secret is redacted in the base64 of a longer text, after %j",
  (before) => {
    for (const encoding of ["base64", "base64url"] as const) {
      const encoded = Buffer.from(`${before}${SECRET} and more`).toString(encoding);
      const lines = encoded.replaceAll(/.{16}/g, "$&\n");
      for (const text of [encoded, lines, JSON.stringify(lines)]) {
        const clean = redact(`value: "${text}"`);
        expect(clean).toContain("[redacted]");
        const own = Math.ceil((Buffer.byteLength(before) * 8) / 6);
        const ofSecret = encoded.slice(own, own + Math.floor((SECRET.length * 8) / 6));
        expect(longestShared(clean, ofSecret)).toBeLessThan(4);
      }
    }
  },
);

test("no fragment of twelve characters of any secret is left, wherever it stands", () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9_+/=-]{24,80}$/);
  const around = fc.string({ maxLength: 40, unit: "binary" });
  fc.assert(
    fc.property(
      fc.array(secret, { minLength: 1, maxLength: 4 }),
      around,
      around,
      fc.nat(),
      fc.nat(),
      (secrets, before, after, from, size) => {
        const mask = createSecretMask(secrets.map((value) => new Secret(value)));
        const [value = ""] = secrets;
        const start = from % (value.length - 12);
        const fragment = value.slice(start, start + 12 + (size % (value.length - start - 11)));
        fc.pre(!/^(?:[-_.a-z]*|[-_.A-Z]*)$/.test(fragment));
        // Nor does what looks like the prefix of a provider count.
        fc.pre(!/^(?:[a-z]{2,8}\d{0,2}[-_]){1,3}/.test(value));
        expect(mask(before + fragment + after)).not.toContain(fragment);
      },
    ),
  );
});

test("a short secret is redacted from half of it on, one too short for that not at all", () => {
  const short = createRedaction([new Secret("Zq7-Xy42"), new Secret("abc")]);
  expect(short("key Zq7-Xy42, or Zq7-Xy, or Zq7-X")).toBe(
    "key [redacted], or [redacted], or Zq7-X",
  );
  expect(short("abc")).toBe("abc");
});

test("the words in a secret stay", () => {
  const mask = createSecretMask([new Secret("sk-documentation-support-7f3a9c21d4")]);
  expect(mask("documentation-support is at hand")).toBe("documentation-support is at hand");
  expect(mask("sk-documentation-support-7f")).toBe("[redacted]");
});

test("what the keys of a provider begin with stays, until something of the key follows", () => {
  const mask = createSecretMask([new Secret("sk-ant-api03-Zq7vR4n51ab04ce77Rm9fQwErTy")]);
  expect(mask("They begin with sk-ant-api03-, then")).toBe("They begin with sk-ant-api03-, then");
  expect(mask("sk-ant-api03-Zq7vR4n51ab0")).toBe("[redacted]");
  expect(createSecretMask([new Secret("sk-sim-a1")])("sk-sim-a1")).toBe("[redacted]");
});

test.for(["ollama", "not-needed", "NO_KEY_REQUIRED", "lm-studio"])(
  "%s in place of a key stays in replies, and is redacted in messages",
  (value) => {
    const text = `Use ${value} for that.`;
    expect(createSecretMask([new Secret(value)])(text)).toBe(text);
    expect(createRedaction([new Secret(value)])(text)).toBe("Use [redacted] for that.");
  },
);

test("JSON stays JSON, though the secret in it was escaped", () => {
  const mask = createSecretMask([new Secret(`/${SECRET}`)]);
  const json = `{"a":"x\\/${SECRET.replaceAll("/", "\\/")}\\n","b":"\\n${SECRET}"}`;
  expect(JSON.parse(mask(json))).toEqual({ a: "x[redacted]\n", b: "\n[redacted]" });
  const cut = JSON.stringify({ a: `${SECRET.slice(0, 14)}\\` });
  expect(JSON.parse(mask(cut))).toEqual({ a: "[redacted]\\" });
});

test("JSON stays JSON, whatever the secret is and wherever it stands", () => {
  const secret = fc.stringMatching(/^[!#-&(-[\]-_a-~]{20,60}$/);
  fc.assert(
    fc.property(
      secret,
      fc.string(),
      fc.string(),
      fc.nat(),
      fc.nat(),
      (value, before, after, from, size) => {
        const mask = createSecretMask([new Secret(value)]);
        const part = value.slice(from % value.length).slice(0, 1 + (size % value.length));
        for (const hidden of [value, part]) {
          const json = JSON.stringify({ a: `${before}${hidden}${after}`, b: `\n${hidden}\n` });
          for (const text of [json, json.replaceAll("/", "\\/")]) {
            expect(() => JSON.parse(mask(text))).not.toThrow();
          }
        }
      },
    ),
    { numRuns: 1_000 },
  );
});

test("a mask of known secrets leaves what only looks like one", () => {
  const mask = createSecretMask([new Secret(SECRET)]);
  const text = "scikit: sk-learn-contrib, Bearer tokens, ?key=value";
  expect(mask(text)).toBe(text);
});

test("of a hundred secrets in a megabyte each is found, and nothing else", () => {
  const secrets = Array.from({ length: 100 }, (_, index) => `Xk${index}-9fQ2vLw7Tz${index}RmB4cHy`);
  const mask = createSecretMask(secrets.map((value) => new Secret(value)));
  const filler = "The printer on the second floor is on fire again, says ticket 4711. ".repeat(150);
  expect(mask(secrets.join(filler))).toBe(secrets.map(() => "[redacted]").join(filler));
});

/** The longest run that both texts have. */
function longestShared(a: string, b: string): number {
  let longest = 0;
  for (let from = 0; from < b.length; from += 1) {
    while (from + longest < b.length && a.includes(b.slice(from, from + longest + 1))) longest += 1;
  }
  return longest;
}
