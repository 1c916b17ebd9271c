import type { CallId, CallResult, SendRecord } from "../src/vocabulary/journal.ts";
import { MemoryJournal } from "./memory-journal.ts";

/** A journal whose process dies: from then on nothing is recorded, and nobody is answered. */
export class MortalJournal extends MemoryJournal {
  #dead = false;

  die(): void {
    this.#dead = true;
  }

  revive(): void {
    this.#dead = false;
  }

  override recordSend(id: CallId, send: SendRecord): Promise<void> {
    return this.#dead ? new Promise(() => {}) : super.recordSend(id, send);
  }

  override recordRefusal(id: CallId): void {
    if (!this.#dead) super.recordRefusal(id);
  }

  override takeBackSend(id: CallId): void {
    if (!this.#dead) super.takeBackSend(id);
  }

  override recordResult(id: CallId, result: CallResult): Promise<void> {
    return this.#dead ? new Promise(() => {}) : super.recordResult(id, result);
  }
}
