/** What came of one send, as the process that made it was told; undefined while it was not told. */
export type SendEnd =
  | { readonly kind: "replied"; readonly costUsd: number }
  | { readonly kind: "refused"; readonly costUsd: 0 }
  /** A throttle or a rejected key: costs the call nothing. */
  | { readonly kind: "turned-away"; readonly costUsd: 0 }
  /** No definite answer. */
  | { readonly kind: "lost"; readonly costUsd: number }
  | { readonly kind: "wrong-request"; readonly costUsd: 0 };

/** One request, as the server saw it. */
export interface LoggedSend {
  readonly life: number;
  readonly key: string;
  readonly prompt: string;
  readonly sentAt: number;
  end: SendEnd | undefined;
  endedAt: number | undefined;
  /** True for an answer of the very moment of death: the process may not have come to record it. */
  endedAtDeath: boolean;
}

/** A key whose rejection for good was read by a process. */
export interface ReadRevocation {
  readonly life: number;
  readonly key: string;
  readonly at: number;
}
