import { SIMULATOR_NAME } from "../simulator-name.ts";
import type { Completion } from "./completion.ts";
import type { Reply } from "./reply.ts";

/** What an answer is called. */
export interface Envelope {
  readonly id: string;
  readonly model: string;
  readonly createdAtMs: number;
}

/** A whole chat completion as JSON. */
export function encodeCompletion(completion: Completion, envelope: Envelope): Reply {
  const { content, refusal, finishReason } = completion;
  const body = {
    ...describe(envelope, "chat.completion"),
    choices: [
      {
        index: 0,
        message: { role: "assistant", content, refusal, annotations: [] },
        logprobs: null,
        finish_reason: finishReason,
      },
    ],
    usage: describeUsage(completion),
  };
  return { contentType: "application/json", parts: [JSON.stringify(body)] };
}

/** A chat completion as server-sent events, about a word each. */
export function encodeStream(
  completion: Completion,
  envelope: Envelope,
  options: { includeUsage: boolean },
): Reply {
  const head = describe(envelope, "chat.completion.chunk");
  const pendingUsage = options.includeUsage ? { usage: null } : {};
  const chunk = (delta: object, finishReason: string | null = null) =>
    encodeEvent({
      ...head,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
      ...pendingUsage,
    });
  const { content, refusal } = completion;
  const parts = [
    chunk({ role: "assistant", content: refusal === null ? "" : null, refusal: null }),
    ...splitWords(refusal ?? content ?? "").map((word) =>
      chunk(refusal === null ? { content: word } : { refusal: word }),
    ),
    chunk({}, completion.finishReason),
  ];
  if (options.includeUsage) {
    parts.push(encodeEvent({ ...head, choices: [], usage: describeUsage(completion) }));
  }
  parts.push("data: [DONE]\n\n");
  return { contentType: "text/event-stream", parts };
}

function describe({ id, model, createdAtMs }: Envelope, object: string) {
  return {
    id,
    object,
    created: Math.floor(createdAtMs / 1_000),
    model,
    service_tier: "default",
    system_fingerprint: SIMULATOR_NAME,
  };
}

function describeUsage({ promptTokens, cachedTokens, outputTokens }: Completion) {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: outputTokens,
    total_tokens: promptTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

function encodeEvent(value: object): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

/** Words with the space before them; joined again they are the text. */
function splitWords(text: string): readonly string[] {
  return text.match(/\s*\S+|\s+$/g) ?? [];
}
