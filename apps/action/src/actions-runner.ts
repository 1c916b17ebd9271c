import { inspect } from "node:util";
import {
  type AnnotationProperties,
  error,
  getInput,
  info,
  notice,
  setFailed,
  setOutput,
  setSecret,
  summary,
  warning,
} from "@actions/core";
import { inertLine } from "./inert-text.ts";
import { toRepositoryPath } from "./repository-path.ts";
import type { Annotation, Runner } from "./runner.ts";

const ANNOTATE = { error, warning, notice } as const;

/** The runner of GitHub Actions. Every text that it prints is inert, whoever wrote it. */
export function createActionsRunner(): Runner {
  let redact = (text: string) => text;
  const clean = (text: string) => inertLine(redact(text));

  // Node would print what nobody caught as it is, with all foreign text in it.
  process.on("uncaughtException", (cause) => {
    setFailed(clean(`This is a bug in Rota: ${inspect(cause)}`));
    process.exit();
  });

  return {
    readInput: (name) => getInput(name),
    environment: process.env,
    // The runner masks its base64, URL and JSON forms too.
    mask: setSecret,
    protect: (redaction) => {
      redact = redaction;
    },
    setOutput: (name, value) => setOutput(name, redact(value)),
    annotate: (annotation) =>
      ANNOTATE[annotation.level](clean(annotation.message), toProperties(annotation, clean)),
    log: (line) => info(clean(line)),
    addSummary: async (markdown) => {
      await summary.addRaw(redact(markdown), true).write();
    },
    fail: (message) => setFailed(clean(message)),
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

function toProperties(
  { title, file, line, column }: Annotation,
  clean: (text: string) => string,
): AnnotationProperties {
  return {
    title: clean(title),
    ...(file !== undefined && { file: clean(toRepositoryPath(file)) }),
    ...(line !== undefined && { startLine: line }),
    ...(column !== undefined && { startColumn: column }),
  };
}
