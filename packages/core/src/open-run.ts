import { refuseUnsoundOptions, RUN_OPTIONS } from "./check-options.ts";
import { placeOutput } from "./deliver/output-place.ts";
import type { DeliveredOutput } from "./deliver/write-outputs.ts";
import { openJournal, type OpenedJournal } from "./journal/open-journal.ts";
import { prepareRun, type PreparedRun } from "./plan/prepare-run.ts";
import { followLinks } from "./plan/real-path.ts";
import { locateRun } from "./plan/run-directory.ts";
import { settleOptions, type RunOptions, type RunSettings } from "./run-options.ts";
import type { OnEvent } from "./vocabulary/event.ts";

/** A run that was checked, and whose journal and lock are held. */
export interface OpenRun {
  readonly options: RunOptions;
  readonly prepared: PreparedRun;
  readonly settings: RunSettings;
  /** The folder of this one run. */
  readonly directory: string;
  readonly opened: OpenedJournal;
  readonly outputs: readonly DeliveredOutput[];
}

/**
 * Checks all that can be checked, then opens the journal.
 * @throws ProblemsError, RunChangedError, RunLockedError, StorageError
 */
export async function openRun(options: RunOptions, onEvent: OnEvent): Promise<OpenRun> {
  await refuseUnsoundOptions(options, RUN_OPTIONS);
  const prepared = await prepareRun(options);
  const settings = settleOptions(options, prepared.pipeline);
  const { clock, random, fresh } = settings;
  const directory = locateRun(settings.stateDirectory, identify(options, prepared, settings));
  const { fingerprints } = prepared;
  const onDamage = (message: string) => onEvent({ kind: "notice", message });
  const opened = openJournal({ directory, fingerprints, fresh, clock, random, onDamage });
  const outputs = placeOutputs(prepared, directory);
  return { options, prepared, settings, directory, opened, outputs };
}

function identify(options: RunOptions, prepared: PreparedRun, settings: RunSettings) {
  const { pipeline, scan } = prepared;
  return {
    pipelineFile: typeof options.pipeline === "string" ? options.pipeline : undefined,
    pipelineName: pipeline.name,
    rowsFile: typeof options.rows === "string" ? options.rows : undefined,
    rowsFingerprint: scan.fingerprint,
    rowRange: settings.rowRange,
    simulated: settings.simulated,
  };
}

/** Outputs are made under names of this run's folder, by whoever holds its lock. */
function placeOutputs({ outputs }: PreparedRun, directory: string): DeliveredOutput[] {
  const owner = followLinks(directory);
  return outputs.map((output) => ({ ...output, place: placeOutput(output, owner) }));
}
