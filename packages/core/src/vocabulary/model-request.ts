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
