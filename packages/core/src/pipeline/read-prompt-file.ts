import type { YamlDocument } from "../document/yaml-document.ts";
import { compileMessages } from "./compile-messages.ts";
import type { MessageTemplate } from "./compile-messages.ts";
import type { StepOutput } from "./pipeline.ts";
import { namedSchema, promptFileSchema } from "./prompt-file-schema.ts";
import type { NamedSchema, WrittenPromptFile } from "./prompt-file-schema.ts";
import { readDocument, reportThrown } from "./read-document.ts";
import type { Report } from "./read-document.ts";
import type { WrittenParameters } from "./schema.ts";
import { createSchemaOutput, jsonObjectOutput, textOutput } from "./step-output.ts";

/** A `.prompt.yml` file, ready to be used by a step. */
export interface PromptFile {
  readonly parameters: WrittenParameters;
  readonly messages: readonly MessageTemplate[];
  readonly output: StepOutput;
}

/** @returns undefined when it is too wrong to go on; what is wrong is reported */
export function readPromptFile(file: string, report: Report): PromptFile | undefined {
  return reportThrown(() => {
    const { document, written } = readDocument(file, promptFileSchema, report);
    if (!written) return undefined;
    const messages = compileMessages(written.messages, document, ["messages"], report);
    const output = readOutput(written, document, report);
    // Half of the variables would make the rest look wrong.
    if (messages.length < written.messages.length || !output) return undefined;
    return { parameters: readParameters(written), messages, output };
  }, report);
}

function readParameters({ model, modelParameters }: WrittenPromptFile): WrittenParameters {
  const { maxTokens, maxCompletionTokens, temperature, topP } = modelParameters;
  return {
    // GitHub Models names the publisher too; OpenAI does not know that form.
    model: model?.replace(/^openai\//, ""),
    temperature,
    topP,
    maxOutputTokens: maxCompletionTokens ?? maxTokens,
  };
}

function readOutput(
  { responseFormat, jsonSchema }: WrittenPromptFile,
  document: YamlDocument,
  report: Report,
): StepOutput | undefined {
  const format = responseFormat ?? (jsonSchema === undefined ? "text" : "json_schema");
  if (format === "text") return textOutput;
  if (format === "json_object") return jsonObjectOutput;
  if (jsonSchema === undefined) {
    const message = 'the response format "json_schema" needs a schema';
    const remedy = 'Add "jsonSchema" with "name" and "schema"';
    report(document.problem(["responseFormat"], { code: "missing-field", message, remedy }));
    return undefined;
  }
  const written = typeof jsonSchema === "string" ? parseSchemaText(jsonSchema) : jsonSchema;
  if (!written) {
    const message = '"jsonSchema" is not JSON with a "schema" in it';
    const remedy = 'Write {"name": "…", "schema": {…}}';
    report(document.problem(["jsonSchema"], { code: "json-schema", message, remedy }));
    return undefined;
  }
  const { name = "reply", schema, strict } = written;
  const locate = (path: readonly (string | number)[]) => ({
    file: document.file,
    position: document.position(["jsonSchema", "schema", ...path]),
  });
  return createSchemaOutput({ name, schema, strict }, locate, report);
}

function parseSchemaText(text: string): NamedSchema | undefined {
  try {
    return namedSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
