import { expect, test } from "vitest";
import { buildChatCompletion } from "./build-chat-completion.ts";

test("sends what is set, and nothing else", () => {
  const body = buildChatCompletion({
    model: "gpt-5-mini",
    messages: [{ role: "user", content: "Hello" }],
    temperature: undefined,
    output: { kind: "text" },
  });
  expect(Object.entries(body)).toEqual([
    ["model", "gpt-5-mini"],
    ["messages", [{ role: "user", content: "Hello" }]],
  ]);
});

test("gives each setting its name on the wire", () => {
  const body = buildChatCompletion({
    model: "gpt-5-mini",
    messages: [{ role: "developer", content: "Be brief." }],
    temperature: 0,
    topP: 0.9,
    maxOutputTokens: 300,
    output: { kind: "json-object" },
  });
  expect(body).toMatchObject({
    temperature: 0,
    top_p: 0.9,
    max_completion_tokens: 300,
    response_format: { type: "json_object" },
  });
});

test("hands on the schema that the reply is to keep to", () => {
  const schema = { type: "object", properties: { urgency: { enum: ["low", "high"] } } };
  const body = buildChatCompletion({
    model: "gpt-5-mini",
    messages: [],
    output: { kind: "json-schema", name: "triage", schema, strict: true },
  });
  expect(body.response_format).toEqual({
    type: "json_schema",
    json_schema: { name: "triage", schema, strict: true },
  });
});
