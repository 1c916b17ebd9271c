import { z } from "zod";
import { CHAT_ROLES } from "../vocabulary/model-request.ts";
import { COLUMN_TYPES } from "../vocabulary/column-type.ts";
import { FORMULAS } from "./output-format.ts";
import { PER } from "../vocabulary/subject.ts";

/** The longest name of a pipeline or step: it becomes part of file names and of the journal's keys. */
export const MAX_NAME_LENGTH = 64;

/** UTF-16 units. */
const MAX_GROUP_BY_LENGTH = 1000;

/** Calls in flight at one time, at most. */
export const MAX_CONCURRENCY = 10_000;

const temperature = z
  .number()
  .min(0)
  .max(2)
  .describe("How freely the model chooses its words, 0 to 2. Default: the model's own.");

const topP = z
  .number()
  .min(0)
  .max(1)
  .describe("Share of the likeliest words to choose from, 0 to 1. Default: the model's own.");

const maxOutputTokens = z
  .int()
  .min(1)
  .describe("Tokens a reply may have at most. Default: the model's own limit.");

/** What a model can be asked to keep to, wherever that is written. */
export const modelSettings = { temperature, topP, maxOutputTokens };

const parameters = {
  model: z.string().min(1).describe("The model's name, as the server knows it.").optional(),
  temperature: temperature.optional(),
  topP: topP.optional(),
  maxOutputTokens: maxOutputTokens.optional(),
};

const message = z.strictObject({
  role: z.enum(CHAT_ROLES).describe("Who speaks."),
  content: z
    .string()
    .describe(
      "A Liquid template over `row` and `steps`; per group over `group` and `steps`; per run over `rows`, `groups`, `run` and `steps`.",
    ),
});

const step = z.strictObject({
  id: z
    .string()
    .max(MAX_NAME_LENGTH)
    .regex(
      /^[A-Za-z][A-Za-z0-9_]*$/,
      "a step's id begins with a letter and has letters, digits and underscores\nWrite it so, for it is a name in templates and conditions",
    )
    .describe("Name of the step: letters, digits and underscores."),
  per: z
    .enum(PER)
    .default("row")
    .describe("How often it runs: for each row, for each group of rows, or once for all."),
  groupBy: z
    .string()
    .max(MAX_GROUP_BY_LENGTH)
    .describe(
      "A template that gives each row the name of its group. Required with, and only for, `per: group`.",
    )
    .optional(),
  when: z
    .string()
    .describe("A condition in CEL; the step is skipped where it is false. Default: always.")
    .optional(),
  messages: z.array(message).min(1).describe("The prompt. Either this or `prompt`.").optional(),
  prompt: z
    .string()
    .min(1)
    .describe("Path of a `.prompt.yml` file, from this file's folder. Either this or `messages`.")
    .optional(),
  with: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .describe(
      "Values for the variables of the prompt file, as templates. Default: the column of that name.",
    )
    .optional(),
  ...parameters,
  output: z
    .strictObject({
      schema: z
        .record(z.string(), z.json())
        .describe("JSON Schema (2020-12) that the reply must satisfy."),
    })
    .describe("What the reply must be. Default: text.")
    .optional(),
  needs: z
    .array(z.string())
    .default([])
    .describe("Steps that must be done before, besides those it refers to. Default: none."),
  onRowError: z
    .enum(["skip", "fail"])
    .default("skip")
    .describe(
      "What becomes of a step per group or per run when rows of it failed: `skip` leaves these rows out, `fail` fails the step.",
    ),
});

const output = z.strictObject({
  file: z
    .string()
    .min(1)
    .describe("Relative path; its ending chooses the format: .csv, .jsonl or .md."),
  template: z
    .string()
    .min(1)
    .describe(
      "Path of a Liquid template for a .md file, from this file's folder. Default: the built-in report.",
    )
    .optional(),
  formulas: z
    .enum(FORMULAS)
    .describe(
      "What becomes of text in a .csv that a spreadsheet would calculate: `escape` puts an apostrophe before it, `raw` leaves it as it is. Default: raw.",
    )
    .optional(),
  groups: z
    .string()
    .describe(
      "A step per group: the .csv or .jsonl has a record for each of its groups. Default: one for each row.",
    )
    .optional(),
});

const input = z.strictObject({
  id: z
    .string()
    .min(1)
    .describe("The column whose value identifies a row. Default: its content does.")
    .optional(),
  columns: z
    .record(z.string(), z.enum(COLUMN_TYPES))
    .describe("Columns that the rows must have, and their types. Default: any, as text.")
    .optional(),
});

const limits = z.strictObject({
  concurrency: z
    .int()
    .min(1)
    .max(MAX_CONCURRENCY)
    .default(16)
    .describe("Calls in flight at one time."),
  budgetUsd: z
    .number()
    .positive()
    .describe("US dollars the run may spend; it stops there and can be resumed. Default: no bound.")
    .optional(),
  maxErrorRate: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe("Share of rows that may fail, 0 to 1, before the run counts as failed."),
  callTimeoutSeconds: z
    .number()
    .positive()
    .max(86_400)
    .default(120)
    .describe("Seconds that one call may take, with its whole reply."),
  maxFaults: z
    .int()
    .min(1)
    .max(100)
    .default(5)
    .describe(
      "Passing faults after which one call is given up. Waiting for a rate limit is no fault.",
    ),
  maxWaitMinutes: z
    .number()
    .positive()
    .max(100_000)
    .default(60)
    .describe(
      "Minutes that rate limits may keep the whole run waiting. When they would for longer, it stops at once, to be continued later.",
    ),
  outageMinutes: z
    .number()
    .positive()
    .max(100_000)
    .default(10)
    .describe(
      "Minutes after which the run stops, to be continued later, when no server answers. Until then it waits, and no call pays for it.",
    ),
});

/** A pipeline file as it is written. */
export const pipelineSchema = z
  .strictObject({
    name: z
      .string()
      .max(MAX_NAME_LENGTH)
      .regex(
        /^[a-z0-9][a-z0-9_-]*$/,
        'a pipeline\'s name has small letters, digits, "-" and "_"\nWrite it like ticket-triage',
      )
      .describe("Name of the pipeline: small letters, digits, dashes and underscores."),
    description: z.string().describe("What it is for, for people.").optional(),
    defaults: z.strictObject(parameters).default({}).describe("What steps do not say themselves."),
    keys: z
      .array(z.string())
      .min(1)
      .describe("Names of the keys that may serve it. Default: all.")
      .optional(),
    input: input.default({}).describe("The shape of the rows."),
    limits: limits.prefault({}).describe("Bounds of a run."),
    steps: z
      .array(step)
      .min(1)
      .describe("The prompts. Their order follows from what they refer to."),
    outputs: z
      .array(output)
      .default([])
      .describe(
        "Files to write when the run is through. Default: those named on the command line.",
      ),
  })
  .describe("A pipeline of prompts over rows of data.");

/** The schema of a pipeline file for editors, as a JSON Schema of draft 2020-12. */
export function pipelineJsonSchema(): object {
  return { title: "Rota pipeline", ...z.toJSONSchema(pipelineSchema, { io: "input" }) };
}

/** A pipeline as a person writes it, or a program as an object: what has a default may be left out. */
export type PipelineDefinition = z.input<typeof pipelineSchema>;

/** A pipeline as it is read: with the defaults. */
export type WrittenPipeline = z.output<typeof pipelineSchema>;
export type WrittenStep = WrittenPipeline["steps"][number];
export type WrittenOutput = WrittenPipeline["outputs"][number];
export type WrittenParameters = WrittenPipeline["defaults"];
