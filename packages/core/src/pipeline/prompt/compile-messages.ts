import type { ChatMessage } from "../../vocabulary/model-request.ts";
import type { Prompt, Reference } from "../pipeline.ts";
import { compileSource, type LocatedTemplate } from "../section/compile-source.ts";
import type { Section } from "../section/section.ts";

/** A prompt, and what is to be known of it before it is used. */
export interface CompiledPrompt {
  readonly prompt: Prompt;
  readonly references: readonly Reference[];
  /** Everything of its text that a changed reply could come from. */
  readonly sources: readonly (readonly [name: string, source: string])[];
}

export interface MessageTemplate extends LocatedTemplate {
  readonly role: ChatMessage["role"];
}

/** Compiles the contents of a list of messages; those that are wrong are reported and left out. */
export function compileMessages(
  messages: readonly ChatMessage[],
  section: Section,
): MessageTemplate[] {
  return messages.flatMap(({ role, content }, index) => {
    const compiled = compileSource(section.at(index, "content").source(content));
    return compiled ? [{ role, ...compiled }] : [];
  });
}

export function renderMessages(messages: readonly MessageTemplate[], scope: object): ChatMessage[] {
  return messages.map(({ role, template }) => ({ role, content: template.render(scope) }));
}

/** The `sources` of a prompt's messages. */
export function listSources(messages: readonly MessageTemplate[]): [string, string][] {
  return messages.map(({ role, template }) => [role, template.source]);
}
