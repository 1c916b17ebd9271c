import { isatty, type WriteStream } from "node:tty";
import { createPalette } from "./palette.ts";
import type { OutputStream, Terminal } from "./terminal.ts";

/**
 * `npm` and `npx` pass on a signal that the terminal has already sent to everyone: one Ctrl-C
 * arrives twice. Two signals closer than this, in milliseconds, are one.
 */
const ECHO_MS = 100;

/** The real terminal, on Node's process. */
export function createProcessTerminal(process: NodeJS.Process): Terminal {
  let redact = keepText;
  const { stdout, stderr, env } = process;
  const isTerminal = isatty(2);
  const openStream = (stream: WriteStream): OutputStream => {
    stream.on("error", ignoreClosedPipe);
    return {
      write: (text) => stream.write(redact(text)),
      ...(stream.isTTY && { getColorDepth: () => stream.getColorDepth(env) }),
    };
  };
  const onProcess = (event: string, callback: () => void) => {
    process.on(event, callback);
    return () => process.off(event, callback);
  };

  return {
    arguments: process.argv.slice(2),
    environment: env,
    stdout: openStream(stdout),
    stderr: {
      ...openStream(stderr),
      isInteractive: isTerminal && env["TERM"] !== "dumb",
      size: () => ({ columns: stderr.columns || 80, rows: stderr.rows || 24 }),
      palette: createPalette({ colors: isTerminal && stderr.hasColors(env) }),
    },
    protect: (redaction) => {
      redact = redaction;
    },
    onStopSignal: (callback) => {
      const distinct = withoutEchoes(callback);
      const stops = [onProcess("SIGINT", distinct), onProcess("SIGTERM", distinct)];
      return () => stops.forEach((stop) => stop());
    },
    onExit: (callback) => onProcess("exit", callback),
    exit: (code) => process.exit(code),
  };
}

const keepText = (text: string) => text;

/** Who reads our output may stop reading (`rota … | head`): that is no reason to stop working. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

function withoutEchoes(callback: () => void): () => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  return () => {
    const nowMs = performance.now();
    const isEcho = nowMs - lastMs < ECHO_MS;
    lastMs = nowMs;
    if (!isEcho) callback();
  };
}
