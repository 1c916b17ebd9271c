import * as core from "@actions/core";
import type { Runner } from "./runner.ts";
import { inertLine } from "./inert-text.ts";

/** The runner of GitHub Actions. Every text that it prints is inert, whoever wrote it. */
export function createActionsRunner(): Runner {
  return {
    readInput: (name) => core.getInput(name),
    environment: process.env,
    mask: (secret) => core.setSecret(secret),
    setOutput: (name, value) => core.setOutput(name, value),
    annotate: ({ level, title, message, file, line, column }) => {
      const properties = {
        title: inertLine(title),
        ...(file !== undefined && { file: inertLine(file) }),
        ...(line !== undefined && { startLine: line }),
        ...(column !== undefined && { startColumn: column }),
      };
      core[level](inertLine(message), properties);
    },
    log: (line) => core.info(inertLine(line)),
    addSummary: async (markdown) => {
      await core.summary.addRaw(markdown, true).write();
    },
    fail: (message) => core.setFailed(inertLine(message)),
    onCancel: (callback) => {
      process.on("SIGINT", callback);
      process.on("SIGTERM", callback);
      return () => {
        process.off("SIGINT", callback);
        process.off("SIGTERM", callback);
      };
    },
  };
}
