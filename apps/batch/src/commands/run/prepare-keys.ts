import {
  checkPipeline,
  createRedaction,
  findKeyFile,
  loadKeys,
  ProblemsError,
  type KeyRingConfiguration,
} from "@rota/core";
import { describeKeySource } from "../../keys/describe-key-source.ts";
import { protectEnvironment } from "../../keys/protect-keys.ts";
import { readEnvironment } from "../../keys/read-environment.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import type { RunFlags } from "./run-flags.ts";

/** The keys of a run, and what must be ended with it. */
export interface PreparedKeys extends AsyncDisposable {
  readonly configuration: KeyRingConfiguration;
  readonly simulated: boolean;
  /** Where real keys come, or would come, from. */
  readonly realKeySource: string | undefined;
}

interface RunRequest {
  readonly flags: RunFlags;
  readonly pipelineFile: string;
  readonly rowsFile: string;
}

/**
 * Loads the keys, or starts the simulator and makes keys for it. From then on nothing that is
 * printed can show their secrets.
 * @throws ProblemsError with what is wrong with the keys and with the pipeline and rows as well.
 */
export async function prepareKeys(terminal: Terminal, request: RunRequest): Promise<PreparedKeys> {
  try {
    const prepared = await openKeys(terminal, request.flags);
    // What servers say may show other credentials too.
    terminal.protect(createRedaction(prepared.configuration.keys.map(({ secret }) => secret)));
    return prepared;
  } catch (error) {
    throw error instanceof ProblemsError ? await withPipelineProblems(error, request) : error;
  }
}

async function openKeys(terminal: Terminal, flags: RunFlags): Promise<PreparedKeys> {
  const environment = readEnvironment(terminal.environment, flags.envFile);
  protectEnvironment(terminal, environment);
  const file = flags.keys ?? findKeyFile(".");
  const realKeySource = describeKeySource(file, environment);
  if (flags.simulate === undefined) {
    const configuration = loadKeys({ file, environment });
    return {
      configuration,
      simulated: false,
      realKeySource,
      [Symbol.asyncDispose]: async () => {},
    };
  }
  const { openSimulation } = await import("../../simulation/open-simulation.ts");
  const simulation = await openSimulation({
    scenarioFile: flags.simulate || undefined,
    keyFile: file,
    environment,
  });
  return {
    configuration: simulation.configuration,
    simulated: true,
    realKeySource,
    [Symbol.asyncDispose]: () => simulation.close(),
  };
}

/** Everything that is wrong is to be known at once: adds what a check of the rest finds. */
async function withPipelineProblems(
  error: ProblemsError,
  { pipelineFile, rowsFile }: RunRequest,
): Promise<ProblemsError> {
  try {
    await checkPipeline({ pipeline: pipelineFile, rows: rowsFile });
    return error;
  } catch (found) {
    if (!(found instanceof ProblemsError)) throw found;
    return new ProblemsError([...error.problems, ...found.problems], { cause: error });
  }
}
