import { z } from "zod";
import { CHAT_ROLES } from "../../vocabulary/model-request.ts";
import { modelSettings } from "../schema.ts";

/** What `jsonSchema` holds, be it as YAML or as a text of JSON. */
export const namedSchema = z.object({
  name: z.string().min(1).optional(),
  strict: z.boolean().optional(),
  schema: z.record(z.string(), z.json()),
});

/** A `.prompt.yml` file, in the form that GitHub Models gave it. */
export const promptFileSchema = z.strictObject({
  name: z.string().optional(),
  description: z.string().optional(),
  model: z.string().min(1).optional(),
  modelParameters: z
    .strictObject({
      maxTokens: modelSettings.maxOutputTokens.optional(),
      maxCompletionTokens: modelSettings.maxOutputTokens.optional(),
      temperature: modelSettings.temperature.optional(),
      topP: modelSettings.topP.optional(),
    })
    .default({}),
  responseFormat: z.enum(["text", "json_object", "json_schema"]).optional(),
  jsonSchema: z.union([z.string(), namedSchema]).optional(),
  messages: z.array(z.strictObject({ role: z.enum(CHAT_ROLES), content: z.string() })).min(1),
  // Examples and scores belong to the file's author; a run has rows of its own.
  testData: z.unknown().optional(),
  evaluators: z.unknown().optional(),
});

export type WrittenPromptFile = z.output<typeof promptFileSchema>;
export type NamedSchema = z.output<typeof namedSchema>;
