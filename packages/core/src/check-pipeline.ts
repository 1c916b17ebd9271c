import type { KeyRingConfiguration } from "./vocabulary/named-key.ts";

/** What a check found in order. */
export interface CheckReport {
  readonly pipeline: string;
  readonly steps: readonly {
    readonly id: string;
    readonly per: "row" | "run";
    readonly model: string;
  }[];
  /** Undefined when no rows were given. */
  readonly rows: { readonly count: number; readonly columns: readonly string[] } | undefined;
  /** Undefined when no keys were given. */
  readonly keys: readonly { readonly name: string; readonly limitGroup: string }[] | undefined;
  readonly outputs: readonly string[];
  /** The first row's messages, as they would be sent, one entry a step that needs no other step's reply. */
  readonly preview: readonly {
    readonly step: string;
    readonly messages: readonly { readonly role: string; readonly content: string }[];
  }[];
}

/**
 * Finds everything that can be found wrong without sending anything.
 * @throws ProblemsError
 */
export async function checkPipeline(options: {
  readonly pipelineFile: string;
  readonly rowsFile?: string | undefined;
  readonly keys?: KeyRingConfiguration | undefined;
}): Promise<CheckReport> {
  throw new Error(`${options.pipelineFile} cannot be checked yet`);
}
