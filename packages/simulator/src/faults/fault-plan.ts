import { createRandom } from "../random.ts";
import type { Message } from "../replies/chat-request.ts";
import type { Fault, FaultKind } from "../scenario/fault-schema.ts";
import type { RequestCounts } from "../statistics.ts";

/** What faults are matched against: one request, and how many came before it. */
export interface RequestFacts extends RequestCounts {
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
 * Faults caused by the content of a request: they hit every attempt at a content or none, as the
 * filter of a real server does. All others are drawn anew for each attempt.
 */
const CONTENT_KINDS: ReadonlySet<FaultKind> = new Set([
  "content-filter",
  "context-length",
  "length",
] satisfies FaultKind[]);

/** Keeps the draws of faults apart from those of replies and latencies. */
const FAULT_DRAW = 3;

interface NumberedFault {
  readonly fault: Fault;
  /** Keeps the draws of two faults apart, so that they do not hit the same requests. */
  readonly number: number;
}

/** Decides which fault, if any, hits a request: the first that matches. */
export class FaultPlan {
  readonly #seed: number;
  #faults: readonly NumberedFault[];

  constructor(faults: readonly Fault[], seed: number) {
    this.#seed = seed;
    this.#faults = faults.map((fault, number) => ({ fault, number }));
  }

  /** Adds a fault from now on, before all others. */
  add(fault: Fault): void {
    this.#faults = [{ fault, number: this.#faults.length }, ...this.#faults];
  }

  pick(request: RequestFacts): Fault | undefined {
    return this.#faults.find((entry) => this.#hits(entry, request))?.fault;
  }

  #hits({ fault, number }: NumberedFault, request: RequestFacts): boolean {
    return (
      isAbout(fault, request) && isDue(fault, request) && this.#isDrawn(fault, number, request)
    );
  }

  #isDrawn(fault: Fault, number: number, request: RequestFacts): boolean {
    if (fault.share === 1) return true;
    const attempt = CONTENT_KINDS.has(fault.kind) ? 0 : request.attempt;
    const random = createRandom(this.#seed, FAULT_DRAW, number, request.content, attempt);
    return random() < fault.share;
  }
}

function isAbout(fault: Fault, request: RequestFacts): boolean {
  const { key, limitGroup, model, containsText } = fault;
  if (key && !key.includes(request.key)) return false;
  if (limitGroup && !limitGroup.includes(request.limitGroup)) return false;
  if (model && (request.model === undefined || !model.includes(request.model))) return false;
  if (containsText === undefined) return true;
  return request.messages.some(({ texts }) => texts.some((text) => text.includes(containsText)));
}

function isDue(fault: Fault, request: RequestFacts): boolean {
  const seconds = request.elapsedMs / 1_000;
  if (seconds < (fault.afterSeconds ?? 0)) return false;
  if (seconds >= (fault.untilSeconds ?? Infinity)) return false;
  const countPer = fault.countPer ?? (fault.key ? "key" : "server");
  const requests = countPer === "key" ? request.keyRequests : request.serverRequests;
  return requests > (fault.afterRequests ?? 0) && requests <= (fault.untilRequests ?? Infinity);
}
