/** One listener's messages that it has not taken yet. */
interface Queue<Message> {
  readonly messages: Message[];
  wake: () => void;
}

/**
 * Hands messages to any number of listeners, each of which gets all that are sent from the moment at
 * which it begins to listen, in order. What a listener has not taken yet is kept in memory for it.
 *
 *     open ──end──▶ ended: listeners take what is left, and are through
 *       └───fail──▶ failed: they take what is left, then the error is thrown
 */
export class Broadcast<Message> {
  readonly #queues = new Set<Queue<Message>>();
  #ending: { readonly error?: unknown } | undefined;

  get hasListeners(): boolean {
    return this.#queues.size > 0;
  }

  send(message: Message): void {
    for (const queue of this.#queues) {
      queue.messages.push(message);
      queue.wake();
    }
  }

  end(): void {
    this.#finish({});
  }

  fail(error: unknown): void {
    this.#finish({ error });
  }

  /** Begins to listen at once, not with the first message that is taken. */
  listen(): AsyncIterableIterator<Message> {
    const queue: Queue<Message> = { messages: [], wake: () => {} };
    this.#queues.add(queue);
    return this.#take(queue);
  }

  async *#take(queue: Queue<Message>): AsyncGenerator<Message, undefined> {
    try {
      for (;;) {
        // Taken out as a whole: shifting a long array message by message would be slow.
        for (const message of queue.messages.splice(0)) yield message;
        if (queue.messages.length > 0) continue;
        if (this.#ending && "error" in this.#ending) throw this.#ending.error;
        if (this.#ending) return undefined;
        await new Promise<void>((resolve) => {
          queue.wake = resolve;
        });
      }
    } finally {
      this.#queues.delete(queue);
    }
  }

  #finish(ending: { readonly error?: unknown }): void {
    this.#ending ??= ending;
    for (const queue of this.#queues) queue.wake();
  }
}
