import type { DocumentPath, YamlDocument } from "../document/yaml-document.ts";
import type { ChatMessage } from "../vocabulary/model-request.ts";
import type { Report } from "./read-document.ts";
import { sourceInDocument } from "./source-text.ts";
import { compileTemplateSource } from "./template-source.ts";
import type { LocatedTemplate } from "./template-source.ts";

export interface MessageTemplate extends LocatedTemplate {
  readonly role: ChatMessage["role"];
}

/** Compiles the contents of a list of messages; those that are wrong are reported and left out. */
export function compileMessages(
  messages: readonly ChatMessage[],
  document: YamlDocument,
  path: DocumentPath,
  report: Report,
): MessageTemplate[] {
  return messages.flatMap(({ role, content }, index) => {
    const source = sourceInDocument(document, [...path, index, "content"], content);
    const compiled = compileTemplateSource(source, report);
    return compiled ? [{ role, ...compiled }] : [];
  });
}

export function renderMessages(messages: readonly MessageTemplate[], scope: object): ChatMessage[] {
  return messages.map(({ role, template }) => ({ role, content: template.render(scope) }));
}

/** Everything of their text that a changed reply could come from. */
export function listSources(messages: readonly MessageTemplate[]): [string, string][] {
  return messages.map(({ role, template }) => [role, template.source]);
}
