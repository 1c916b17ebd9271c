import { hash } from "node:crypto";
import { expect, test } from "vitest";
import { coverCredentials, hideCredentials } from "./hide-credentials.ts";

test.for([
  ["  apikey: Zq7vCanary51ab04ce77Rm9f", "Zq7vCanary51ab04ce77Rm9f"],
  ["  secert: sk-abcd-efgh", "sk-abcd-efgh"],
  ["  key: 0123456789abcdef01234567", "0123456789abcdef01234567"],
  ["  key: 1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed", "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed"],
  ["  url: https://me:pass@host/v1", "me:pass"],
  ["  header: Authorization: Bearer abc1defgh", "abc1defgh"],
  ["  api_key: gateway7secret", "gateway7secret"],
  ["  model: gsk_Zq7v51ab04ce77RmLf9f", "gsk_Zq7v51ab04ce77RmLf9f"],
] as const)("%s is shown without its credential, in its place", ([excerpt, credential]) => {
  const position = { line: 1, column: 3, length: 6, excerpt };
  const problem = { code: "yaml", message: excerpt, remedy: "", position } as const;
  const { message, position: shown } = hideCredentials(problem);
  expect(shown?.excerpt).toBe(excerpt.replace(credential, "*".repeat(credential.length)));
  expect(message).not.toContain(credential.slice(-4));
});

test("a long line takes no longer than its length", () => {
  // Looking on from every prefix to the end would take minutes.
  for (const piece of ["sk-", "eyJ.", "://", "Bearer ", "a1", "api_key=", "0"]) {
    const line = piece.repeat(256 * 1024);
    expect(coverCredentials(line)).toHaveLength(line.length);
  }
});

test.for(["base64url", "hex"] as const)("hardly a key by lot in %s is overlooked", (encoding) => {
  const keys = Array.from({ length: 1_000 }, (_, index) => {
    return hash("sha256", String(index), "buffer").subarray(0, 24).toString(encoding);
  });
  const shown = keys.filter((key) => coverCredentials(`  model: ${key}`).includes(key));
  expect(shown.length).toBeLessThanOrEqual(10);
});

test.for([
  "  model: gpt-4o-audio-preview-2024-12-17",
  "  model: meta-llama/Llama-3.3-70B-Instruct-Turbo",
  "  model: anthropic/claude-3-5-sonnet-20241022",
  "  model: Qwen/Qwen2.5-Coder-32B-Instruct-AWQ",
  "  - file: ./out/customer-address-line-2-normalized.csv",
  "  when: steps.customerAddressLine2Normalized.output.urgency == 'high'",
  "  secret: env:OPENAI_API_KEY_OF_THE_TEAM_2",
  "  maxOutputTokens: 4096",
  "  content: Say something about {{ row.text_2024_q3 }}",
  "  baseUrl: https://llm2.internal/v1",
  "/tmp/rota-run-x8Hd2k/pipeline.yml",
  'unknown field "maxOuputTokens"',
  "task-list-item-3, risk-assessment-2024",
])("%s is shown as it is", (text) => {
  expect(coverCredentials(text)).toBe(text);
});
