import type { Palette } from "./palette.ts";

/** Port: all that a command sees of the process around it. */
export interface Terminal {
  /** What was typed after `rota`. */
  readonly arguments: readonly string[];
  readonly environment: Environment;
  /** For machines: nothing but what was asked for. */
  readonly stdout: OutputStream;
  /** For people. */
  readonly stderr: OutputStream & Screen;
  /**
   * Waits until stdout has taken all that was written.
   * @returns false when it did not: nobody reads it, or the disk is full
   */
  delivered(): Promise<boolean>;
  /** From now on passes everything that is written through `redact` too. */
  protect(redact: (text: string) => string): void;
  /** The same, for a text that is cut before it is written. */
  redact(text: string): string;
  /** Calls back at every SIGINT, SIGTERM and SIGHUP, which then no longer end the process. Returns the way back. */
  onStopSignal(callback: () => void): () => void;
  /** Calls back when the process ends, however it does. Returns the way back. */
  onExit(callback: () => void): () => void;
  /** Ends the process at once. */
  exit(code: number): never;
}

export type Environment = Readonly<Partial<Record<string, string>>>;

export interface OutputStream {
  write(text: string): void;
  getColorDepth?(environment?: Environment): number;
}

export interface Screen {
  /** True when a person watches, on a screen that can be repainted. */
  readonly isInteractive: boolean;
  /** In character cells, as of now. */
  size(): { readonly columns: number; readonly rows: number };
  readonly palette: Palette;
}
