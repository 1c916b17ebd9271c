import { createPalette } from "./palette.ts";
import type { Environment, Terminal } from "./terminal.ts";

/** Thrown in place of ending the process. */
export class FakeExit extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

export interface FakeTerminal extends Terminal {
  /** What was written so far. */
  readonly written: { stdout: string; stderr: string };
  /** May be changed at any time, as a window can be. */
  readonly window: { columns: number; rows: number };
  sendStopSignal(): void;
}

/** A terminal without colors, in memory. */
export function createFakeTerminal(
  options: {
    readonly arguments?: readonly string[];
    readonly environment?: Environment;
    readonly isInteractive?: boolean;
  } = {},
): FakeTerminal {
  const written = { stdout: "", stderr: "" };
  const window = { columns: 80, rows: 24 };
  const stopListeners = new Set<() => void>();
  const exitListeners = new Set<() => void>();
  const redactions: ((text: string) => string)[] = [];
  const redact = (text: string) => redactions.reduce((clean, redaction) => redaction(clean), text);
  return {
    written,
    window,
    sendStopSignal: () => [...stopListeners].forEach((listener) => listener()),
    arguments: options.arguments ?? [],
    environment: options.environment ?? {},
    stdout: { write: (text) => void (written.stdout += redact(text)) },
    stderr: {
      write: (text) => void (written.stderr += redact(text)),
      isInteractive: options.isInteractive ?? false,
      size: () => window,
      palette: createPalette({ colors: false }),
    },
    delivered: async () => true,
    protect: (redaction) => void redactions.push(redaction),
    redact,
    onStopSignal: (callback) => listen(stopListeners, callback),
    onExit: (callback) => listen(exitListeners, callback),
    exit: (code) => {
      for (const listener of exitListeners) listener();
      throw new FakeExit(code);
    },
  };
}

function listen(listeners: Set<() => void>, callback: () => void): () => void {
  listeners.add(callback);
  return () => listeners.delete(callback);
}
