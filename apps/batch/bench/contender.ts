import { fileURLToPath } from "node:url";

/** One of those that send the same calls. */
export interface Contender {
  readonly name: string;
  /** The arguments of its Node. */
  command(job: Job): readonly string[];
}

export interface Job {
  readonly rowsFile: string;
  readonly rowCount: number;
  readonly concurrency: number;
  /** Where it may write; new and empty. */
  readonly directory: string;
  readonly resultsFile: string;
}

/** The built command with all that a run has: journal, key ring, retries, budget and summary. */
export const rota: Contender = {
  name: "rota",
  command: ({ rowsFile, concurrency, directory, resultsFile }) => [
    pathTo("../bin/rota.mjs"),
    "run",
    pathTo("contenders/pipeline.yml"),
    rowsFile,
    `--output=${resultsFile}`,
    `--concurrency=${concurrency}`,
    `--state-dir=${directory}`,
    "--progress=none",
  ],
};

/** What a user would write: openai, p-limit and csv-parse, as they come. */
export const openAiScript: Contender = {
  name: "openai script",
  command: (job) => [pathTo("contenders/openai-script.ts"), ...plainArguments(job)],
};

/** The calls alone: the unit that the others are measured in. */
export const bareUndici: Contender = {
  name: "bare undici",
  command: (job) => [pathTo("contenders/bare-undici.ts"), ...plainArguments(job)],
};

function plainArguments({ rowsFile, resultsFile, concurrency }: Job): readonly string[] {
  return [rowsFile, resultsFile, String(concurrency)];
}

function pathTo(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
