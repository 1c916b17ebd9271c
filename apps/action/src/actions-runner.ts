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

/** The runner's own two; and a hangup, which the terminal of a self-hosted one brings when it closes. */
const CANCELLING = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const ANNOTATE = { error, warning, notice } as const;

/** The runner of GitHub Actions. Every text that it prints is inert, whoever wrote it. */
export function createActionsRunner(): Runner {
  let redact = (text: string) => text;
  const clean = (text: string) => inertLine(redact(text));

  // Node would print what nobody caught as it is, with all foreign text in it.
  process.on("uncaughtException", (cause) => {
    setFailed(clean(`This is a bug in Rota: ${inspect(cause, { maxStringLength: null })}`));
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
    redact: (text) => redact(text),
    setOutput: (name, value) => setOutput(name, redact(value)),
    annotate: (annotation) =>
      ANNOTATE[annotation.level](clean(annotation.message), toProperties(annotation, clean)),
    log: (line) => info(clean(line)),
    addSummary: async (markdown) => {
      await summary.addRaw(redact(markdown), true).write();
    },
    fail: (message) => setFailed(clean(message)),
    onCancel: (callback) => {
      for (const signal of CANCELLING) process.on(signal, callback);
      return () => {
        for (const signal of CANCELLING) process.off(signal, callback);
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
