import { z } from "zod";
import { KEY_NAME, WRONG_KEY_NAME } from "./key-name.ts";
import { SECRET_SOURCE, describeWrongSource } from "./secret-source.ts";

const name = z.string().regex(KEY_NAME, `${WRONG_KEY_NAME.message}\n${WRONG_KEY_NAME.remedy}`);

/** Sent as a header. */
const id = z.string().regex(/^[\w.-]+$/, "this is no id\nCopy it from the server's settings");

const key = z.strictObject({
  secret: z
    .string()
    .regex(SECRET_SOURCE, { error: ({ input }) => describeWrongSource(input) })
    .describe(
      "Where the secret is, never the secret itself: `env:VARIABLE`, or `file:PATH` from this file's folder.",
    ),
  limitGroup: name
    .describe("What the server counts this key's limits against. Default: a group of its own name.")
    .optional(),
  models: z
    .array(z.string().min(1))
    .min(1)
    .describe("The models this key may serve. Default: all.")
    .optional(),
});

const limits = z.strictObject({
  requestsPerMinute: z.int().min(1).describe("Requests granted a minute.").optional(),
  tokensPerMinute: z.int().min(1).describe("Tokens granted a minute.").optional(),
  concurrency: z.int().min(1).describe("Requests in flight at one time.").optional(),
});

const limitGroup = z.strictObject({
  baseUrl: z
    .string()
    .describe(
      "The server that the group's keys are sent to, and no other. Default: https://api.openai.com/v1.",
    )
    .optional(),
  organization: id.describe("The organization's id.").optional(),
  project: id.describe("The project's id.").optional(),
  limits: z
    .record(z.string().min(1), limits)
    .describe("What was granted, by model; `*` is any other model. What is left out is learned.")
    .optional(),
});

/** The key file: names, and where each secret comes from. */
export const keyFileSchema = z.strictObject({
  keys: z
    .record(name, key)
    .refine((keys) => Object.keys(keys).length > 0, 'the file has no key\nAdd one under "keys"')
    .describe("The keys, by the names that they go by everywhere."),
  limitGroups: z
    .record(name, limitGroup)
    .describe("What keys share on the server: an endpoint and its limits.")
    .optional(),
});

export type KeyFile = z.infer<typeof keyFileSchema>;
export type LimitGroup = z.infer<typeof limitGroup>;

/** The schema of a key file for editors, as a JSON Schema of draft 2020-12. */
export function keyFileJsonSchema(): object {
  return { title: "Rota key file", ...z.toJSONSchema(keyFileSchema, { io: "input" }) };
}
