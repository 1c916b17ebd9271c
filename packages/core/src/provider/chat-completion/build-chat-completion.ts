import type { OpenAI } from "openai";
import type { ModelRequest, OutputFormat } from "../../vocabulary/model-request.ts";

type ChatCompletionRequest = OpenAI.ChatCompletionCreateParamsNonStreaming;

/** ModelRequest → the body of `POST /chat/completions`. What is not set is not sent. */
export function buildChatCompletion(request: ModelRequest): ChatCompletionRequest {
  const { model, messages, temperature, topP, maxOutputTokens, output } = request;
  return {
    model,
    messages: messages.map(({ role, content }) => ({ role, content })),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(maxOutputTokens !== undefined && { max_completion_tokens: maxOutputTokens }),
    ...(output.kind !== "text" && { response_format: buildResponseFormat(output) }),
  };
}

function buildResponseFormat(
  output: Exclude<OutputFormat, { kind: "text" }>,
): NonNullable<ChatCompletionRequest["response_format"]> {
  if (output.kind === "json-object") return { type: "json_object" };
  const { name, schema, strict } = output;
  return { type: "json_schema", json_schema: { name, schema, strict } };
}
