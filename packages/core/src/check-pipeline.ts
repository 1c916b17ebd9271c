import { CHECK_OPTIONS, refuseUnsoundOptions } from "./check-options.ts";
import { inspectRequest, type Inspection } from "./plan/prepare-run.ts";
import { previewMessages, type PreviewedStep } from "./plan/preview-messages.ts";
import { listGroupings } from "./results/group-index.ts";
import { listSteps } from "./pipeline/pipeline.ts";
import type { PipelineDefinition } from "./pipeline/schema.ts";
import type { RowInput } from "./rows/open-rows.ts";
import type { Per } from "./vocabulary/subject.ts";
import type { KeyRingConfiguration } from "./vocabulary/named-key.ts";

/** What a check found in order. */
export interface CheckReport {
  readonly pipeline: string;
  readonly steps: readonly {
    readonly id: string;
    readonly per: Per;
    readonly model: string;
    /** Of a step per group, where rows were given and their groups follow from them. */
    readonly groups?: number | undefined;
  }[];
  /** Undefined when no rows were given. */
  readonly rows: { readonly count: number; readonly columns: readonly string[] } | undefined;
  /** Undefined when no keys were given. */
  readonly keys: readonly { readonly name: string; readonly limitGroup: string }[] | undefined;
  readonly outputs: readonly string[];
  /** The first row's messages, as they would be sent, or why not: of steps that need no other step's reply. */
  readonly preview: readonly PreviewedStep[];
}

/**
 * Finds everything that can be found wrong without sending anything.
 * @throws ProblemsError
 */
export async function checkPipeline(options: {
  /** A file, or what would stand in it. */
  readonly pipeline: string | PipelineDefinition;
  /** @default none: then only what does not depend on rows is checked */
  readonly rows?: RowInput | undefined;
  readonly keys?: KeyRingConfiguration | undefined;
}): Promise<CheckReport> {
  await refuseUnsoundOptions(options, CHECK_OPTIONS);
  const inspection = await inspectRequest(options);
  const { pipeline, rows, outputs } = inspection;
  const steps = listSteps(pipeline);
  const groupings = listGroupings(pipeline);
  return {
    pipeline: pipeline.name,
    steps: steps.map(({ id, per, model }) => {
      const grouping = groupings.find((one) => one.steps.some((step) => step.id === id))?.grouping;
      return { id, per, model, groups: grouping && rows?.groupSizes.get(grouping.by)?.size };
    }),
    rows: rows && { count: rows.scan.count, columns: rows.scan.columns },
    keys: options.keys?.keys.map(({ name, limitGroup }) => ({ name, limitGroup })),
    outputs: outputs.map(({ file }) => file),
    preview: await previewFirstRow(inspection),
  };
}

async function previewFirstRow({ pipeline, rows }: Inspection): Promise<PreviewedStep[]> {
  if (!rows) return [];
  for await (const row of rows.source.read()) return previewMessages(pipeline, row);
  return [];
}
