import { readTextFile } from "../../document/read-text-file.ts";
import { collectProblems, type ReportProblem } from "../../vocabulary/problem.ts";
import type { StepOutput } from "../pipeline.ts";
import { createSchemaOutput, jsonObjectOutput, textOutput } from "../reply/step-output.ts";
import type { WrittenParameters } from "../schema.ts";
import { readSection } from "../section/read-section.ts";
import type { Section } from "../section/section.ts";
import { compileMessages, type MessageTemplate } from "./compile-messages.ts";
import {
  namedSchema,
  type NamedSchema,
  promptFileSchema,
  type WrittenPromptFile,
} from "./prompt-file-schema.ts";

/** A `.prompt.yml` file, ready to be used by a step. */
export interface PromptFile {
  readonly parameters: WrittenParameters;
  readonly messages: readonly MessageTemplate[];
  readonly output: StepOutput;
}

/** @returns undefined when it is too wrong to go on; what is wrong is reported */
export function readPromptFile(file: string, reportProblem: ReportProblem): PromptFile | undefined {
  return collectProblems(reportProblem, () => {
    const { section, written } = readSection(
      readTextFile(file),
      file,
      promptFileSchema,
      reportProblem,
    );
    if (!written) return undefined;
    const messages = compileMessages(written.messages, section.at("messages"));
    const output = readOutput(written, section);
    // Half of the variables would make the rest look wrong.
    if (messages.length < written.messages.length || !output) return undefined;
    return { parameters: readParameters(written), messages, output };
  });
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
  section: Section,
): StepOutput | undefined {
  const format = responseFormat ?? (jsonSchema === undefined ? "text" : "json_schema");
  if (format === "text") return textOutput;
  if (format === "json_object") return jsonObjectOutput;
  if (jsonSchema === undefined) {
    const message = 'the response format "json_schema" needs a schema';
    const remedy = 'Add "jsonSchema" with "name" and "schema"';
    section.at("responseFormat").report({ code: "missing-field", message, remedy });
    return undefined;
  }
  const written = typeof jsonSchema === "string" ? parseSchemaText(jsonSchema) : jsonSchema;
  if (!written) {
    const message = '"jsonSchema" is not JSON with a "schema" in it';
    const remedy = 'Write {"name": "…", "schema": {…}}';
    section.at("jsonSchema").report({ code: "json-schema", message, remedy });
    return undefined;
  }
  const { name = "reply", schema, strict } = written;
  return createSchemaOutput({ name, schema, strict }, section.at("jsonSchema", "schema"));
}

function parseSchemaText(text: string): NamedSchema | undefined {
  try {
    return namedSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
