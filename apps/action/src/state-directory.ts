import { readdir, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Runner } from "./runner.ts";

/** GitHub lets a workflow run be repeated for 30 days. Later, nothing can continue it. */
const REPEATABLE_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * Where the journals of this workflow run are kept: beside the workspace, in a folder of its own.
 *
 * - Beside, since the checkout of a re-run cleans the workspace (`git clean -ffdx`), and since a
 *   later step may commit all that is in it. The runner empties its folder for temporary files
 *   between jobs. What is beside the workspace stays, on a runner that stays.
 * - Its own, since a re-run has the same commit and may continue, while another run may come with
 *   other rows: it begins anew instead of being refused.
 */
export function locateState(runner: Runner): string {
  const { GITHUB_RUN_ID: run = "local" } = runner.environment;
  return join(dirname(locateWorkspace(runner)), ".rota", run);
}

/** The folder that the repository is checked out into. */
export function locateWorkspace({ environment }: Pick<Runner, "environment">): string {
  return resolve(environment["GITHUB_WORKSPACE"] ?? ".");
}

/** Removes the journals of runs that can no longer be repeated: they hold rows and replies. */
export async function removeOldStates(stateDirectory: string, nowMs: number): Promise<void> {
  const folder = dirname(stateDirectory);
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (path === stateDirectory || !found || nowMs - found.mtimeMs < REPEATABLE_MS) continue;
    await rm(path, { recursive: true, force: true });
  }
}
