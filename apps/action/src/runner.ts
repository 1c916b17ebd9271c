/** Port: what the runner of a workflow gives to a step, and takes from it. */
export interface Runner {
  /** An input as the workflow has it; empty when it has none. */
  readInput(name: string): string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Keeps a text out of the log from now on. */
  mask(secret: string): void;
  /** From now on, everything that is told to the runner goes through this first. */
  protect(redact: (text: string) => string): void;
  /** The same, for a text that is cut before it is told. */
  redact(text: string): string;
  setOutput(name: string, value: string): void;
  annotate(annotation: Annotation): void;
  /** One line for the log. */
  log(line: string): void;
  /** Markdown for the step's summary; each call adds to what is there. */
  addSummary(markdown: string): Promise<void>;
  /** Marks the step as failed, and says why, which takes one annotation. */
  fail(message: string): void;
  /** Calls back when the job is being cancelled, or its runner is gone. @returns what ends that */
  onCancel(callback: () => void): () => void;
}

export interface Annotation {
  readonly level: "error" | "warning" | "notice";
  readonly title: string;
  readonly message: string;
  /** As the workflow names it. */
  readonly file?: string | undefined;
  /** From 1. */
  readonly line?: number | undefined;
  /** From 1. */
  readonly column?: number | undefined;
}
