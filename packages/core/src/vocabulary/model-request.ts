import { fingerprint } from "./fingerprint.ts";
import type { JsonObject } from "./json.ts";

export const CHAT_ROLES = ["system", "developer", "user", "assistant"] as const;
export type ChatRole = (typeof CHAT_ROLES)[number];

export interface ChatMessage {
  readonly role: ChatRole;
  readonly content: string;
}

/** What a model is asked to answer with. */
export type OutputFormat =
  | { readonly kind: "text" }
  | { readonly kind: "json-object" }
  | {
      readonly kind: "json-schema";
      readonly name: string;
      readonly schema: JsonObject;
      /** True when the schema keeps to the subset that a provider can enforce while it writes. */
      readonly strict: boolean;
    };

/** One request as the pipeline means it, before any provider's wire format. */
export interface ModelRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly maxOutputTokens?: number | undefined;
  readonly output: OutputFormat;
}

/** Tells requests apart by everything that decides their replies: equal hashes, equal requests. */
export function hashRequest(request: ModelRequest): string {
  const { model, messages, temperature, topP, maxOutputTokens, output } = request;
  return fingerprint(
    JSON.stringify([model, temperature, topP, maxOutputTokens, hashOutput(output), messages]),
  );
}

/** A step asks for the same output in every call. */
const outputHashes = new WeakMap<OutputFormat, string>();

function hashOutput(output: OutputFormat): string {
  let hash = outputHashes.get(output);
  if (hash === undefined) {
    const { kind } = output;
    const schema = kind === "json-schema" ? [output.name, output.schema, output.strict] : [];
    hash = fingerprint(JSON.stringify([kind, ...schema]));
    outputHashes.set(output, hash);
  }
  return hash;
}
