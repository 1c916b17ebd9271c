import * as fc from "fast-check";
import { expect, test } from "vitest";
import { makeCompletion } from "../../../testing/reply-server.ts";
import { parseChatCompletion } from "./parse-chat-completion.ts";

const USAGE = { inputTokens: 9, cachedInputTokens: 4, outputTokens: 3 };

test("takes text, finish reason and usage from the first choice", () => {
  expect(parseChatCompletion(makeCompletion("It is urgent."))).toEqual({
    kind: "text",
    text: "It is urgent.",
    finishReason: "stop",
    usage: USAGE,
  });
});

test("counts tokens written to the prompt cache, where the provider says so", () => {
  const usage = {
    prompt_tokens: 2_000,
    completion_tokens: 1,
    prompt_tokens_details: { cached_tokens: 500, cache_write_tokens: 1_200 },
  };
  const completion = parseChatCompletion({ ...makeCompletion("Yes"), usage });
  expect(completion).toMatchObject({ usage: { cachedInputTokens: 500, cacheWriteTokens: 1_200 } });
});

test("takes a finish reason that is no word for unknown", () => {
  const completion = makeCompletion("Yes", { finish_reason: "x".repeat(10_000) });
  expect(parseChatCompletion(completion)).toMatchObject({ text: "Yes", finishReason: "unknown" });
});

test("does without a finish reason and without usage", () => {
  const completion = parseChatCompletion({ choices: [{ message: { content: "Yes" } }] });
  expect(completion).toMatchObject({ text: "Yes", finishReason: "unknown", usage: undefined });
});

test.each([
  ["negative counts", { prompt_tokens: -1, completion_tokens: 1 }],
  ["fractions", { prompt_tokens: 1.5, completion_tokens: 1 }],
  ["words", { prompt_tokens: "9", completion_tokens: 1 }],
  ["half of the counts", { prompt_tokens: 9 }],
])("takes usage of %s for unknown", (_, usage) => {
  expect(parseChatCompletion({ ...makeCompletion("Yes"), usage })).toMatchObject({
    kind: "text",
    usage: undefined,
  });
});

test("tells the model's refusal from text, and keeps what was paid for", () => {
  const message = { content: null, refusal: "I cannot help with that." };
  expect(parseChatCompletion(makeCompletion(null, { message }))).toEqual({
    kind: "unusable",
    code: "refused",
    message: "the model refused: I cannot help with that.",
    paid: { text: "I cannot help with that.", usage: USAGE },
  });
});

test("does not take text that a content filter cut for a reply, but keeps it", () => {
  const completion = parseChatCompletion(
    makeCompletion("Half", { finish_reason: "content_filter" }),
  );
  expect(completion).toMatchObject({
    code: "content-filtered",
    paid: { text: "Half", usage: USAGE },
  });
});

test("says what to do when the output allowance was used up before any text", () => {
  const completion = parseChatCompletion(makeCompletion("", { finish_reason: "length" }));
  expect(completion).toMatchObject({
    code: "malformed-reply",
    message: expect.stringContaining("maxOutputTokens"),
    paid: { text: "", usage: USAGE },
  });
});

test("passes on an error that came with a success status", () => {
  expect(parseChatCompletion({ error: { message: "overloaded" } })).toMatchObject({
    kind: "error",
    error: { message: "overloaded" },
    paid: undefined,
  });
});

test("an error inside the choice is one too, and what came before it is kept", () => {
  const error = { code: 502, message: "Provider returned error" };
  expect(parseChatCompletion(makeCompletion("Half", { error }))).toEqual({
    kind: "error",
    error: { code: "", message: "Provider returned error", status: 502 },
    paid: { text: "Half", usage: USAGE },
  });
});

test.each([null, {}, "", { message: "" }])("an error that is %j is none", (error) => {
  expect(parseChatCompletion({ ...makeCompletion("Yes"), error })).toMatchObject({ text: "Yes" });
});

test("a byte order mark is no part of JSON, and of any other text it is", () => {
  expect(parseChatCompletion(makeCompletion("\uFEFFYes"))).toMatchObject({ text: "\uFEFFYes" });
  expect(parseChatCompletion(makeCompletion('\uFEFF{"a": 1}'))).toMatchObject({ text: '{"a": 1}' });
});

test("text in parts is one text", () => {
  const parts = [
    { type: "text", text: "It is " },
    { type: "image" },
    { type: "text", text: "urgent." },
  ];
  expect(parseChatCompletion(makeCompletion(parts))).toMatchObject({ text: "It is urgent." });
  const refusal = [{ type: "refusal", refusal: "I cannot." }];
  expect(parseChatCompletion(makeCompletion(refusal))).toMatchObject({ code: "refused" });
});

test.each([
  ["an empty object", {}],
  ["null", null],
  ["an array", [makeCompletion("Yes")]],
  ["a string", "Yes"],
  ["a number", 42],
  ["no choices", { choices: [] }],
  ["choices of another type", { choices: "Yes" }],
  ["a choice of null", { choices: [null] }],
  ["a message of another type", { choices: [{ message: "Yes" }] }],
  ["no content", makeCompletion(undefined)],
  ["content of null", makeCompletion(null)],
  ["empty content", makeCompletion("")],
  ["blank content", makeCompletion(" \n\t")],
  ["content of another type", makeCompletion(7)],
  [
    "content in parts without text",
    makeCompletion([{ type: "image" }, "Yes", null, { text: "Yes" }]),
  ],
  ["a tool call", makeCompletion(null, { finish_reason: "tool_calls" })],
])("finds no reply in %s", (_, body) => {
  expect(parseChatCompletion(body)).toMatchObject({ kind: "unusable", code: "malformed-reply" });
});

test("never takes anything without text for a reply", () => {
  const content = fc.oneof(fc.string(), fc.jsonValue());
  const body = fc.oneof(
    fc.jsonValue(),
    content.map((value) => makeCompletion(value)),
    fc.record({ choices: fc.array(fc.record({ message: fc.record({ content }) })) }),
  );
  fc.assert(
    fc.property(body, (value) => {
      const completion = parseChatCompletion(value);
      expect(completion.kind !== "text" || completion.text.trim() !== "").toBe(true);
    }),
  );
});
