import type { Annotation, Runner } from "./runner.ts";

export interface FakeRunner extends Runner {
  /** What was told to it, in order, as `mask`, `log` and so on. */
  readonly calls: readonly string[];
  readonly masked: readonly string[];
  readonly annotations: readonly Annotation[];
}

/** A runner for tests: inputs and environment are given, and what it is told is kept. */
export function createFakeRunner(
  inputs: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
): FakeRunner {
  const calls: string[] = [];
  const masked: string[] = [];
  const annotations: Annotation[] = [];
  return {
    calls,
    masked,
    annotations,
    environment,
    readInput: (name) => inputs[name] ?? "",
    mask: (secret) => {
      calls.push("mask");
      masked.push(secret);
    },
    protect: () => void calls.push("protect"),
    redact: (text) => text,
    setOutput: () => void calls.push("setOutput"),
    annotate: (annotation) => {
      calls.push("annotate");
      annotations.push(annotation);
    },
    log: () => void calls.push("log"),
    addSummary: async () => void calls.push("addSummary"),
    fail: () => void calls.push("fail"),
    onCancel: () => () => {},
  };
}
