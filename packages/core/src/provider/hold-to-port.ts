import type { Clock } from "../vocabulary/clock.ts";
import type { Provider, SendOutcome } from "../vocabulary/provider.ts";
import { scheduleDeadline } from "./client/deadline.ts";
import { readOutcome } from "./read-outcome.ts";
import { withoutAnswer } from "./failure/without-answer.ts";

/** A provider that keeps its time by itself is never cut off: it gets this long to say so. */
const OVERTIME_MS = 1_000;

/**
 * Keeps a provider of somebody else to what its port says, whatever it does: a call ends at its
 * time-out or with its signal, and what it answers has the form of an outcome. What it throws is
 * left alone: that is a fault of the program, which has to see it.
 */
export function holdToPort(provider: Provider, clock: Clock): Provider {
  return {
    async send(request, key, options) {
      options.signal?.throwIfAborted();
      const end = endOf(options, clock);
      try {
        const answer: unknown = await Promise.race([
          provider.send(request, key, options),
          end.reached,
        ]);
        return readOutcome(answer);
      } finally {
        end.forget();
      }
    },
    close: () => provider.close(),
  };
}

/** What comes of a call that its provider does not end: a failure in time, or the signal's reason. */
function endOf(
  { timeoutMs, signal }: Parameters<Provider["send"]>[2],
  clock: Clock,
): { readonly reached: Promise<SendOutcome>; forget(): void } {
  const { promise: reached, resolve, reject } = Promise.withResolvers<SendOutcome>();
  const cancel = scheduleDeadline(clock, timeoutMs + OVERTIME_MS, () =>
    resolve(neverEnded(timeoutMs)),
  );
  const onAbort = () => reject(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  return {
    reached,
    forget: () => {
      cancel();
      signal?.removeEventListener("abort", onAbort);
    },
  };
}

function neverEnded(timeoutMs: number): SendOutcome {
  return {
    kind: "failed",
    failure: withoutAnswer(
      "transient",
      "timed-out",
      `the provider did not answer within ${timeoutMs / 1000} s`,
      true,
    ),
    rateLimit: undefined,
  };
}
