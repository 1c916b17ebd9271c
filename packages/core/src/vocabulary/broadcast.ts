/** How a broadcast came to its end. */
interface Ending {
  /** What listeners are thrown; without one they are through. */
  readonly error?: unknown;
}

/**
 * Hands messages to any number of listeners, each of which gets all that are sent from the moment at
 * which it begins to listen, in order. What a listener has not taken yet is kept in memory for it.
 *
 *     open ──end──▶ ended: listeners take what is left, and are through
 *       └───fail──▶ failed: they take what is left, then the error is thrown
 */
export class Broadcast<Message> {
  readonly #listeners = new Set<Listener<Message>>();
  #ending: Ending | undefined;

  get hasListeners(): boolean {
    return this.#listeners.size > 0;
  }

  send(message: Message): void {
    for (const listener of this.#listeners) listener.hear(message);
  }

  end(): void {
    this.#finish({});
  }

  fail(error: unknown): void {
    this.#finish({ error });
  }

  /**
   * Begins to listen at once, until the listener is disposed of.
   * @param left ends what the listener takes, also while it waits
   */
  listen(left?: AbortSignal): Listener<Message> {
    const listener = new Listener<Message>((one) => this.#listeners.delete(one));
    left?.addEventListener("abort", () => listener.end({}), { once: true });
    this.#listeners.add(listener);
    if (this.#ending) listener.end(this.#ending);
    return listener;
  }

  #finish(ending: Ending): void {
    this.#ending ??= ending;
    for (const listener of this.#listeners) listener.end(this.#ending);
  }
}

/** One who listens, and the messages that it has not taken yet. */
export class Listener<Message> implements Disposable {
  readonly #onLeave: (listener: Listener<Message>) => void;
  #messages: Message[] = [];
  #ending: Ending | undefined;
  #wake = () => {};

  constructor(onLeave: (listener: Listener<Message>) => void) {
    this.#onLeave = onLeave;
  }

  hear(message: Message): void {
    if (this.#ending) return;
    this.#messages.push(message);
    this.#wake();
  }

  end(ending: Ending): void {
    this.#ending ??= ending;
    this.#wake();
  }

  async *take(): AsyncGenerator<Message, undefined> {
    for (;;) {
      // Taken out as a whole: shifting a long array message by message would be slow.
      const messages = this.#messages;
      this.#messages = [];
      for (const message of messages) yield message;
      if (this.#messages.length > 0) continue;
      if (this.#ending && "error" in this.#ending) throw this.#ending.error;
      if (this.#ending) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  [Symbol.dispose](): void {
    this.#onLeave(this);
  }
}

/**
 * An iterable of which each loop begins `take` with the first message that it asks for, and may be
 * left at any time: `left` is aborted then, so that a message it waits for does not hold it.
 */
export function toIterable<Message>(
  take: (left: AbortSignal) => AsyncGenerator<Message>,
): AsyncIterable<Message> {
  return {
    [Symbol.asyncIterator]() {
      const leaving = new AbortController();
      const messages = take(leaving.signal);
      return {
        next: () => messages.next(),
        return: () => {
          leaving.abort();
          return messages.return(undefined);
        },
      };
    },
  };
}
