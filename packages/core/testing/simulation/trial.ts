import type { RateLimits } from "../../src/vocabulary/named-key.ts";

/** All cells of one row. Rows may be equal. */
export interface TrialRow {
  readonly text: string;
  readonly team: string;
  readonly flag: "yes" | "no";
  readonly note: string;
}

/** Which steps the pipeline has besides its first, `sort`, which runs for each row. */
export interface TrialShape {
  /** The first step's reply is held to a schema. */
  readonly sortHasSchema: boolean;
  /** A second step per row; with a condition on the row, or on the first one's reply. */
  readonly answer: "none" | "always" | "by-row" | "by-reply";
  /** A step per group, by a column or by the first one's reply. */
  readonly sum: "none" | "by-team" | "by-reply";
  /** A step per row that looks at its group's. */
  readonly match: boolean;
  readonly digest: "none" | "of-rows" | "of-groups";
  readonly onRowError: "skip" | "fail";
}

export interface TrialKey {
  readonly name: string;
  readonly group: string;
}

/** Shares of sends, 0 to 1, that meet this; and of requests, for what a request meets each time. */
export interface ServerMoods {
  readonly transient: number;
  readonly transientAfterWork: number;
  readonly hangs: number;
  readonly malformed: number;
  readonly oddUsage: number;
  /** Replies that cost far more than can be foreseen: the server does not keep to maxOutputTokens. */
  readonly dear: number;
  readonly wrongRequests: number;
  readonly misfits: number;
  readonly headers: "honest" | "none" | "lying";
  readonly retryAfter: "honest" | "none" | "odd";
}

/** From and to: milliseconds since the life began. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly group: string;
}
export interface Outage extends Span {
  readonly kind: "refuses" | "hangs";
}
export type Storm = Span;
export interface KeyTrouble {
  readonly key: string;
  readonly from: number;
  /** Infinity for a revoked key. */
  readonly to: number;
  readonly kind: "key-revoked" | "billing-project";
}

export type Moment =
  /** Milliseconds since the life began. */
  | { readonly at: "time"; readonly ms: number }
  /** At the nth event that the run tells, the nth send that it makes, the nth answer it gets. */
  | { readonly at: "event" | "send" | "answer"; readonly count: number }
  /** When all calls are made, and nothing is delivered yet. */
  | { readonly at: "delivery"; readonly count: 1 };

export interface RowsEdit {
  readonly kind: "sorted" | "row-changed" | "row-dropped" | "row-doubled";
  readonly keepsTime: boolean;
}

/** What one process goes through. */
export interface LifePlan {
  readonly ending: "own" | "kill" | "power-loss" | "interrupt";
  readonly moment: Moment;
  readonly retryErrors: boolean;
  readonly editBefore: RowsEdit | undefined;
  readonly editDuring: (RowsEdit & { readonly moment: Moment }) | undefined;
  readonly jumps: readonly { readonly at: number; readonly ms: number }[];
  readonly outages: readonly Outage[];
  readonly storms: readonly Storm[];
  readonly troubles: readonly KeyTrouble[];
  /** Something takes the place of an output while the run goes on. */
  readonly blocksOutput: boolean;
  readonly hasBudget: boolean;
  /** Nothing goes wrong but what a request meets each time. */
  readonly isCalm: boolean;
}

/** Everything that one seed decides. */
export interface Trial {
  readonly seed: number;
  readonly rows: readonly TrialRow[];
  readonly shape: TrialShape;
  readonly keys: readonly TrialKey[];
  /** What the server grants each group. */
  readonly granted: ReadonlyMap<
    string,
    { readonly requestsPerMinute: number; readonly tokensPerMinute: number }
  >;
  /** What the ring is told of it. */
  readonly limits: ReadonlyMap<string, ReadonlyMap<string, RateLimits>>;
  readonly moods: ServerMoods;
  readonly concurrency: number;
  readonly maxFaults: number;
  readonly budgetUsd: number | undefined;
  readonly onUncertain: "resend" | "skip";
  readonly lives: readonly LifePlan[];
}
