import type { FaultKind } from "./scenario/fault-schema.ts";

interface KeyCounts {
  received: number;
  accepted: number;
  refused: number;
}

/** Chat requests so far, the one at hand included. */
export interface RequestCounts {
  readonly keyRequests: number;
  readonly serverRequests: number;
}

/** What happened to chat requests since the start or the last reset. */
export interface SimulatorStatistics {
  readonly simulated: true;
  readonly received: number;
  /** Admitted: a real server would have billed them. */
  readonly accepted: number;
  /** By error code, or by status where an error has no code. */
  readonly refused: Readonly<Record<string, number>>;
  readonly byKey: Readonly<Record<string, Readonly<KeyCounts>>>;
  /** Answers by status, those to other requests than chat included. */
  readonly byStatus: Readonly<Record<string, number>>;
  readonly byFault: Readonly<Record<string, number>>;
  /** Admitted and not answered yet. */
  readonly concurrency: { readonly current: number; readonly maximum: number };
  /**
   * Accepted although the same body had been accepted before; `largestCount` is the most for one
   * body. Null where the scenario keeps no memory of contents.
   */
  readonly repeats: { readonly requests: number; readonly largestCount: number } | null;
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** Milliseconds since the Unix epoch. */
  readonly firstAcceptedAt: number | null;
  readonly lastAcceptedAt: number | null;
}

/** Counts what happens to chat requests, as it happens; the scenario's reset makes new ones. */
export class Statistics {
  readonly #byKey = new Map<string, KeyCounts>();
  readonly #refused = new Map<string, number>();
  readonly #byStatus = new Map<string, number>();
  readonly #byFault = new Map<string, number>();
  #received = 0;
  #accepted = 0;
  #current = 0;
  #maximum = 0;
  #promptTokens = 0;
  #outputTokens = 0;
  #firstAcceptedAt: number | null = null;
  #lastAcceptedAt: number | null = null;

  countReceived(key: string): RequestCounts {
    this.#received += 1;
    this.#key(key).received += 1;
    return this.requestCounts(key);
  }

  requestCounts(key: string): RequestCounts {
    return { keyRequests: this.#key(key).received, serverRequests: this.#received };
  }

  countRefused(key: string, code: string): void {
    this.#key(key).refused += 1;
    increment(this.#refused, code);
  }

  /** The request is in flight from now on, until `countFinished`. */
  countAccepted(
    key: string,
    nowMs: number,
    tokens: { promptTokens: number; outputTokens: number },
  ): void {
    this.#key(key).accepted += 1;
    this.#accepted += 1;
    this.#firstAcceptedAt ??= nowMs;
    this.#lastAcceptedAt = nowMs;
    this.#promptTokens += tokens.promptTokens;
    this.#outputTokens += tokens.outputTokens;
    this.#current += 1;
    this.#maximum = Math.max(this.#maximum, this.#current);
  }

  countFinished(): void {
    this.#current -= 1;
  }

  countStatus(status: number): void {
    increment(this.#byStatus, String(status));
  }

  countFault(kind: FaultKind): void {
    increment(this.#byFault, kind);
  }

  summarize(repeats: SimulatorStatistics["repeats"]): SimulatorStatistics {
    return {
      simulated: true,
      received: this.#received,
      accepted: this.#accepted,
      refused: Object.fromEntries(this.#refused),
      byKey: Object.fromEntries([...this.#byKey].map(([name, counts]) => [name, { ...counts }])),
      byStatus: Object.fromEntries(this.#byStatus),
      byFault: Object.fromEntries(this.#byFault),
      concurrency: { current: this.#current, maximum: this.#maximum },
      repeats,
      promptTokens: this.#promptTokens,
      outputTokens: this.#outputTokens,
      firstAcceptedAt: this.#firstAcceptedAt,
      lastAcceptedAt: this.#lastAcceptedAt,
    };
  }

  #key(name: string): KeyCounts {
    let counts = this.#byKey.get(name);
    if (!counts) {
      counts = { received: 0, accepted: 0, refused: 0 };
      this.#byKey.set(name, counts);
    }
    return counts;
  }
}

function increment(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
