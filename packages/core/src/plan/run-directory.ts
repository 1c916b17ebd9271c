import { basename, join, resolve } from "node:path";
import { fingerprint } from "../vocabulary/fingerprint.ts";
import type { RowRange } from "../rows/row-range.ts";

/**
 * Where the journal of a run lives. The same files and rows lead to the same place, from whichever
 * folder the command is typed, so that typing it again finds the run that was begun. Simulated runs
 * live apart: a reply from a simulator must never be taken for a paid one.
 */
export function locateRun(
  stateDirectory: string,
  run: {
    readonly pipelineFile: string;
    readonly rowsFile: string;
    readonly rowRange?: RowRange | undefined;
    readonly simulated?: boolean | undefined;
  },
): string {
  const { rowRange, simulated } = run;
  const identity = [
    resolve(run.pipelineFile),
    resolve(run.rowsFile),
    rowRange ? `${rowRange.from}:${rowRange.to}` : "all",
    simulated ? "simulated" : "real",
  ];
  const name = basename(run.pipelineFile).replace(/(\.prompt)?\.[^.]+$/, "");
  const mark = fingerprint(identity.join("\n")).slice(0, 8);
  return join(stateDirectory, "runs", `${name}-${mark}${simulated ? "-simulated" : ""}`);
}
