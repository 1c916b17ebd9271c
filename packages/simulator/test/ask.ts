import type { Simulator } from "../src/index.ts";

/** What `ask` sends: a prompt, and any other fields of a chat completion request. */
export interface Question {
  readonly prompt?: string;
  readonly key?: string;
  readonly signal?: AbortSignal;
  readonly [field: string]: unknown;
}

/** Asks for a chat completion with nothing but `fetch`, and follows no redirect. */
export function ask(simulator: Simulator, question: Question = {}): Promise<Response> {
  const { prompt = "Hello", key = "any", signal = null, ...fields } = question;
  return fetch(`${simulator.url}/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({
      model: "gpt-5-mini",
      messages: [{ role: "user", content: prompt }],
      ...fields,
    }),
    redirect: "manual",
    signal,
  });
}
