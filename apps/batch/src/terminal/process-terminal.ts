import { isatty } from "node:tty";
import { createPalette } from "./palette.ts";
import { openProcessStream, type ProcessStream } from "./process-stream.ts";
import type { OutputStream, Terminal } from "./terminal.ts";

/**
 * `npm` and `npx` pass on a signal that the terminal has already sent to everyone: one Ctrl-C
 * arrives twice. Two signals closer than this, in milliseconds, are one.
 */
const ECHO_MS = 100;

/** The real terminal, on Node's process. */
export function createProcessTerminal(process: NodeJS.Process): Terminal {
  const redactions: ((text: string) => string)[] = [];
  const redact = (text: string) => redactions.reduce((clean, redaction) => redaction(clean), text);
  const { stdout, stderr, env } = process;
  const isTerminal = isatty(2);
  const output = openProcessStream(stdout);
  const toOutputStream = (stream: NodeJS.WriteStream, to: ProcessStream): OutputStream => ({
    write: (text) => to.write(redact(text)),
    ...(stream.isTTY && { getColorDepth: () => stream.getColorDepth(env) }),
  });
  const onProcess = (event: string, callback: (value: unknown) => void) => {
    process.on(event, callback);
    return () => process.off(event, callback);
  };

  return {
    arguments: process.argv.slice(2),
    environment: env,
    stdout: toOutputStream(stdout, output),
    stderr: {
      ...toOutputStream(stderr, openProcessStream(stderr)),
      isInteractive: isTerminal && env["TERM"] !== "dumb",
      size: () => ({ columns: stderr.columns || 80, rows: stderr.rows || 24 }),
      palette: createPalette({ colors: isTerminal && stderr.hasColors(env) }),
    },
    delivered: () => output.delivered(),
    protect: (redaction) => void redactions.push(redaction),
    redact,
    onStopSignal: (callback) => {
      const hear = withoutEchoes(callback);
      const stops = STOP_SIGNALS.map((signal) => onProcess(signal, () => hear(signal)));
      return () => stops.forEach((stop) => stop());
    },
    onExit: (callback) => onProcess("exit", callback),
    exit: (code) => process.exit(code),
  };
}

const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
type StopSignal = (typeof STOP_SIGNALS)[number];

/**
 * A hangup is told by several (the terminal, its shell, the kernel), whenever each gets to it, and
 * nobody is there any more to ask for haste: it is no second signal.
 */
export function withoutEchoes(
  callback: () => void,
  now: () => number = () => performance.now(),
): (signal: StopSignal) => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  return (signal) => {
    const nowMs = now();
    const isFirst = lastMs === Number.NEGATIVE_INFINITY;
    const isEcho = nowMs - lastMs < ECHO_MS || (signal === "SIGHUP" && !isFirst);
    lastMs = nowMs;
    if (!isEcho) callback();
  };
}
