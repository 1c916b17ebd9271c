import { invalidRequest } from "./api-error.ts";
import { countTokens } from "./token-count.ts";

/** OpenAI adds about this many tokens to each message for its role and borders. */
const TOKENS_PER_MESSAGE = 4;

export interface Message {
  readonly role: string;
  /** The message's texts, one for each part that is a text. */
  readonly texts: readonly string[];
}

export type ReplyFormat =
  | { readonly kind: "text" }
  | { readonly kind: "json-object" }
  | { readonly kind: "json-schema"; readonly schema: unknown };

/** What the simulator needs to know of a chat completion request. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly format: ReplyFormat;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  /** Tokens; undefined when the request sets no cap. */
  readonly outputCap: number | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** @throws ApiError when the body is not a chat completion request that the simulator can answer. */
export function readChatRequest(body: Buffer): ChatRequest {
  const fields = parseBody(body);
  const { model, messages, n } = fields;
  if (typeof model !== "string" || model === "") {
    throw invalidRequest("You must provide a model parameter.", { param: "model" });
  }
  if (!Array.isArray(messages) || messages.length === 0) {
    throw invalidRequest("Missing required parameter: 'messages'.", {
      code: "missing_required_parameter",
      param: "messages",
    });
  }
  if (n !== undefined && n !== null && n !== 1) {
    throw invalidRequest("The simulator gives one choice: 'n' must be 1.", { param: "n" });
  }
  const streamOptions = fields["stream_options"];
  return {
    model,
    messages: messages.map(readMessage),
    format: readFormat(fields["response_format"]),
    stream: fields["stream"] === true,
    includeUsage: isFields(streamOptions) && streamOptions["include_usage"] === true,
    outputCap: readOutputCap(fields),
  };
}

/** What the prompt is billed as. */
export function countPromptTokens(messages: readonly Message[]): number {
  return messages.reduce((total, message) => total + countMessageTokens(message), 0);
}

/** What the prompt is charged at admission, before it is counted: a token every four characters. */
export function estimatePromptTokens(messages: readonly Message[]): number {
  let characters = 0;
  for (const { texts } of messages) for (const text of texts) characters += text.length;
  return Math.ceil(characters / 4);
}

export function countMessageTokens(message: Message): number {
  return message.texts.reduce((total, text) => total + countTokens(text), TOKENS_PER_MESSAGE);
}

function parseBody(body: Buffer): Fields {
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch {
    throw invalidRequest("We could not parse the JSON body of your request.");
  }
  if (isFields(value)) return value;
  throw invalidRequest("The body of your request must be a JSON object.");
}

function readMessage(value: unknown, index: number): Message {
  if (!isFields(value) || typeof value["role"] !== "string") {
    const param = `messages[${index}].role`;
    throw invalidRequest(`Missing required parameter: '${param}'.`, {
      code: "missing_required_parameter",
      param,
    });
  }
  return { role: value["role"], texts: readTexts(value["content"], index) };
}

function readTexts(content: unknown, index: number): readonly string[] {
  if (typeof content === "string") return [content];
  // An assistant's message that only called tools.
  if (content === null || content === undefined) return [];
  if (!Array.isArray(content)) {
    const param = `messages[${index}].content`;
    throw invalidRequest(`Invalid type for '${param}': expected a string or an array.`, {
      code: "invalid_type",
      param,
    });
  }
  return content.flatMap((part: unknown) =>
    isFields(part) && typeof part["text"] === "string" ? [part["text"]] : [],
  );
}

function readFormat(value: unknown): ReplyFormat {
  if (!isFields(value) || value["type"] === "text") return { kind: "text" };
  if (value["type"] === "json_object") return { kind: "json-object" };
  const definition = value["json_schema"];
  if (value["type"] === "json_schema" && isFields(definition) && isFields(definition["schema"])) {
    return { kind: "json-schema", schema: definition["schema"] };
  }
  throw invalidRequest(
    "Invalid 'response_format': 'type' must be text, json_object or json_schema with a schema.",
    { param: "response_format" },
  );
}

function readOutputCap(fields: Fields): number | undefined {
  const cap = fields["max_completion_tokens"] ?? fields["max_tokens"];
  if (cap === undefined || cap === null) return undefined;
  if (typeof cap === "number" && Number.isInteger(cap) && cap >= 1) return cap;
  throw invalidRequest("The output cap must be a whole number of at least 1.", {
    code: "integer_below_min_value",
    param: "max_completion_tokens",
  });
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
