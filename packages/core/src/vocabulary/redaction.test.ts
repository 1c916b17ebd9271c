import { expect, test } from "vitest";
import { createRedaction } from "./redaction.ts";
import { Secret } from "./secret.ts";

const SECRET = "zq7+Canary/51ab04ce77==9f";
const redact = createRedaction([new Secret(SECRET)]);

test.for([
  ["as it is", SECRET],
  ["URL-encoded", encodeURIComponent(SECRET)],
  ["in base64", Buffer.from(SECRET).toString("base64")],
  ["in base64 without padding", Buffer.from(SECRET).toString("base64").replaceAll("=", "")],
  ["in the base64 of URLs", Buffer.from(SECRET).toString("base64url")],
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

test("a long text without spaces takes no longer than its length", () => {
  // Looking on from every letter to the end would take minutes.
  expect(redact("a".repeat(1_000_000))).toHaveLength(1_000_000);
});
