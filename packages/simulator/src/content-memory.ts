import { hash } from "node:crypto";

/** Received counts are kept below, accepted counts above this in one number, to save memory. */
const ACCEPTED_UNIT = 2 ** 26;

/** A name for a content: 48 bits, so that among a million contents a clash is a one-in-500 chance. */
export function hashContent(body: Buffer): number {
  return hash("sha1", body, "buffer").readUIntBE(0, 6);
}

/** How often each content came and was accepted: a number each, not the content. */
export class ContentMemory {
  readonly #counts = new Map<number, number>();
  #repeats = 0;
  #largestCount = 0;

  /** @returns how often this content has come, this time included. */
  recordReceived(content: number): number {
    const counts = (this.#counts.get(content) ?? 0) + 1;
    this.#counts.set(content, counts);
    return counts % ACCEPTED_UNIT;
  }

  recordAccepted(content: number): void {
    const counts = (this.#counts.get(content) ?? 0) + ACCEPTED_UNIT;
    this.#counts.set(content, counts);
    const accepted = Math.floor(counts / ACCEPTED_UNIT);
    if (accepted > 1) this.#repeats += 1;
    this.#largestCount = Math.max(this.#largestCount, accepted);
  }

  /** Requests that were accepted although their content had been before, and the most for one content. */
  summarize(): { requests: number; largestCount: number } {
    return { requests: this.#repeats, largestCount: this.#largestCount };
  }
}
