import { basename, join } from "node:path";
import { fingerprint } from "../vocabulary/fingerprint.ts";
import { coversAll, type RowRange } from "../rows/row-range.ts";
import { followLinks } from "./real-path.ts";

/** What makes one run the same as another: files by their real path, values by what they hold. */
export interface RunIdentity {
  /** The path of the pipeline; undefined for one that is in no file. */
  readonly pipelineFile: string | undefined;
  readonly pipelineName: string;
  /** The path of the rows; undefined for those that are in no file. */
  readonly rowsFile: string | undefined;
  readonly rowsFingerprint: string;
  readonly rowRange: RowRange;
  readonly simulated: boolean;
}

/**
 * Where the journal of a run lives. The same files and rows lead to the same place, from whichever
 * folder the command is typed and through whichever links it goes, so that typing it again finds the
 * run that was begun, and does not pay twice. Simulated runs
 * live apart: a reply from a simulator must never be taken for a paid one.
 */
export function locateRun(stateDirectory: string, run: RunIdentity): string {
  const { pipelineName, rowsFingerprint, rowRange, simulated } = run;
  const pipelineFile = run.pipelineFile && followLinks(run.pipelineFile);
  const rowsFile = run.rowsFile && followLinks(run.rowsFile);
  const identity = [
    pipelineFile ?? `pipeline ${pipelineName}`,
    rowsFile ?? `rows ${rowsFingerprint}`,
    coversAll(rowRange) ? "all" : `${rowRange.from}:${rowRange.to}`,
    simulated ? "simulated" : "real",
  ];
  const name = basename(pipelineFile ?? pipelineName).replace(/(\.prompt)?\.[^.]+$/, "");
  const mark = fingerprint(identity.join("\n")).slice(0, 8);
  return join(stateDirectory, "runs", `${name}-${mark}${simulated ? "-simulated" : ""}`);
}
