import { expect, test } from "vitest";
import { hideSecrets } from "./hide-secrets.ts";

function hide(excerpt: string): string | undefined {
  const position = { line: 1, column: 1, length: 1, excerpt };
  return hideSecrets({ code: "yaml", message: "", remedy: "", position }).position?.excerpt;
}

test.each([
  ["  a: { secret: hunter2, models: [] }", "  a: { secret: *******, models: [] }"],
  ['  secret: "two words" # note', "  secret: *********** # note"],
  ["  secert: sk-abcd-1234", "  secert: ************"],
  ["  x: 0123456789abcdef01234567", "  x: ************************"],
  ["  baseUrl: https://me:pass@host/v1", "  baseUrl: https://*******@host/v1"],
])("%j is shown as %j", (excerpt, shown) => {
  expect(hide(excerpt)).toBe(shown);
});

test.each([
  "  a: { secret: env:OPENAI_API_KEY_OF_THE_TEAM_2, limitGroup: support }",
  "  secret: 'file:/run/secrets/support_b'",
  "  baseUrl: https://llm2.internal/v1",
  "  limits: { gpt-4o-mini-2024-07-18: { requestsPerMinute: 500, tokensPerMinute: 200000 } }",
])("%j is shown as it is", (excerpt) => {
  expect(hide(excerpt)).toBe(excerpt);
});
