import type { Row } from "../vocabulary/row.ts";
import type { RowSource } from "../vocabulary/row-source.ts";

/**
 * The rows, as long as the run goes on: a source that waits for something of its own, such as a
 * program's values, does not hold a run that is being stopped.
 * @throws the signal's reason, as soon as the signal aborts
 */
export async function* readUntilStopped(
  source: RowSource,
  signal: AbortSignal,
): AsyncGenerator<Row, undefined> {
  const rows = source.read()[Symbol.asyncIterator]();
  let giveUp: (reason: unknown) => void = () => {};
  const onAbort = () => giveUp(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  let isOver = false;
  try {
    for (;;) {
      signal.throwIfAborted();
      // No race against one lasting promise: that would hold every row for as long as it lasts.
      const next = await new Promise<IteratorResult<Row, unknown>>((resolve, reject) => {
        giveUp = reject;
        rows.next().then(resolve, reject);
      });
      isOver = next.done === true;
      if (next.done) return undefined;
      yield next.value;
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    // Not awaited: a generator that waits takes note of it only when it goes on.
    if (!isOver) void rows.return?.().then(undefined, () => {});
  }
}
