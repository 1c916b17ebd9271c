import { expect, test } from "vitest";
import { parseBaseUrl } from "./parse-base-url.ts";

test.each([
  ["https://api.openai.com/v1", "https://api.openai.com/v1"],
  ["HTTPS://Api.OpenAI.com/v1//", "https://api.openai.com/v1"],
  ["https://llm.internal", "https://llm.internal"],
  ["http://localhost:8000/v1", "http://localhost:8000/v1"],
  ["http://127.1:8000/v1", "http://127.0.0.1:8000/v1"],
  ["http://[::1]/v1", "http://[::1]/v1"],
])("%s is %s", (text, baseUrl) => {
  expect(parseBaseUrl(text)).toEqual({ baseUrl });
});

test.each([
  ["api.openai.com/v1", "not an http or https address"],
  ["file:///etc/passwd", "not an http or https address"],
  ["", "not an http or https address"],
  ["https://me:password@host/v1", "more than a host and a path"],
  ["https://host/v1?key=x", "more than a host and a path"],
  ["http://llm.internal/v1", "sent to llm.internal without encryption"],
  ["http://127.0.0.1.evil.example/v1", "without encryption"],
  ["http://localhost.evil.example/v1", "without encryption"],
])("%s is refused: %s", (text, message) => {
  expect(parseBaseUrl(text)).toMatchObject({ message: expect.stringContaining(message) });
});
