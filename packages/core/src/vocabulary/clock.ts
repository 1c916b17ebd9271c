/** Port: the only source of time in the engine. Real in a run, virtual in tests and benchmarks. */
export interface Clock {
  /** Milliseconds since the Unix epoch; never goes backwards, may have a fraction. */
  now(): number;
  /**
   * Calls `callback` once, `delayMs` from now (at once for zero or less, but never synchronously).
   * @param options.background true for a call that a process which has nothing else to do does not wait for
   * @returns a function that cancels the call; calling it twice, or too late, does nothing.
   */
  schedule(
    delayMs: number,
    callback: () => void,
    options?: { readonly background?: boolean },
  ): () => void;
}

/**
 * Waits `durationMs` on the given clock.
 * @throws the signal's reason, as soon as the signal aborts.
 */
export function sleep(
  clock: Clock,
  durationMs: number,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const { signal } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = () => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.schedule(durationMs, () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
