import { createRandom } from "../random.ts";
import type { Message } from "../replies/chat-request.ts";
import type { Fault, FaultKind } from "../scenario/fault-schema.ts";
import type { RequestCounts } from "../statistics.ts";

/** What faults are matched against: one request, and how many came before it. */
export interface Occasion extends RequestCounts {
  readonly key: string;
  readonly limitGroup: string;
  /** Undefined for a request that is not about a model. */
  readonly model: string | undefined;
  readonly messages: readonly Message[];
  readonly elapsedMs: number;
  readonly content: number;
  /** How often this content has come, this time included. */
  readonly attempt: number;
}

/**
 * Faults that lie in what is asked: they strike every attempt at a content or none, as a real
 * server's filter would. All others are drawn anew for each attempt.
 */
const LASTING_KINDS: ReadonlySet<FaultKind> = new Set([
  "content-filter",
  "context-length",
  "length",
] satisfies FaultKind[]);

/** Keeps the draws of faults apart from those of replies and latencies. */
const FAULT_DRAW = 3;

interface NumberedFault {
  readonly fault: Fault;
  /** Tells draws apart, so that two faults with one share do not strike the same requests. */
  readonly number: number;
}

/** Decides which fault, if any, strikes a request. */
export class FaultPlan {
  readonly #seed: number;
  #faults: readonly NumberedFault[];

  constructor(faults: readonly Fault[], seed: number) {
    this.#seed = seed;
    this.#faults = faults.map((fault, number) => ({ fault, number }));
  }

  /** From now on; it goes before all others. */
  add(fault: Fault): void {
    this.#faults = [{ fault, number: this.#faults.length }, ...this.#faults];
  }

  pick(occasion: Occasion): Fault | undefined {
    return this.#faults.find((entry) => this.#strikes(entry, occasion))?.fault;
  }

  #strikes({ fault, number }: NumberedFault, occasion: Occasion): boolean {
    return (
      isMeant(fault, occasion) && isDue(fault, occasion) && this.#isDrawn(fault, number, occasion)
    );
  }

  #isDrawn(fault: Fault, number: number, occasion: Occasion): boolean {
    if (fault.share === 1) return true;
    const attempt = LASTING_KINDS.has(fault.kind) ? 0 : occasion.attempt;
    const random = createRandom(this.#seed, FAULT_DRAW, number, occasion.content, attempt);
    return random() < fault.share;
  }
}

function isMeant(fault: Fault, occasion: Occasion): boolean {
  const { key, limitGroup, model, containsText } = fault;
  if (key && !key.includes(occasion.key)) return false;
  if (limitGroup && !limitGroup.includes(occasion.limitGroup)) return false;
  if (model && (occasion.model === undefined || !model.includes(occasion.model))) return false;
  if (containsText === undefined) return true;
  return occasion.messages.some(({ texts }) => texts.some((text) => text.includes(containsText)));
}

function isDue(fault: Fault, occasion: Occasion): boolean {
  const seconds = occasion.elapsedMs / 1_000;
  if (seconds < (fault.afterSeconds ?? 0)) return false;
  if (seconds >= (fault.untilSeconds ?? Infinity)) return false;
  const countPer = fault.countPer ?? (fault.key ? "key" : "server");
  const requests = countPer === "key" ? occasion.keyRequests : occasion.serverRequests;
  return requests > (fault.afterRequests ?? 0) && requests <= (fault.untilRequests ?? Infinity);
}
