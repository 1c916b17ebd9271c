import type { Clock } from "../clock.ts";
import { hashContent, type ContentMemory } from "../content-memory.ts";
import type { FaultPlan } from "../faults/fault-plan.ts";
import { refuse } from "../faults/refuse.ts";
import { makeWrongBody } from "../faults/wrong-body.ts";
import { makeLimitError } from "../limits/limit-error.ts";
import { createRandom } from "../random.ts";
import { ApiError } from "../replies/api-error.ts";
import {
  estimatePromptTokens,
  readChatRequest,
  type ChatRequest,
} from "../replies/chat-request.ts";
import { composeCompletion, type Completion } from "../replies/completion.ts";
import { drawLatency } from "../replies/draw-latency.ts";
import { invalidKey, missingKey } from "../replies/key-errors.ts";
import { encodeCompletion, encodeStream } from "../replies/encode-completion.ts";
import type { Reply } from "../replies/reply.ts";
import type { Fault } from "../scenario/fault-schema.ts";
import { UNKNOWN_KEY_NAME, type Scenario } from "../scenario/scenario-schema.ts";
import type { RequestCounts, Statistics } from "../statistics.ts";
import type { Exchange } from "./exchange.ts";
import { readSecret, type KeyDirectory, type ServedKey } from "./key-directory.ts";
import { planTransmission, type Pace } from "./transmission.ts";

/** Keeps the draws of latencies apart from those of replies and faults. */
const LATENCY_DRAW = 2;

interface ChatServiceParts {
  readonly scenario: Scenario;
  readonly clock: Clock;
  readonly startedAtMs: number;
  readonly keys: KeyDirectory;
  readonly faults: FaultPlan;
  readonly statistics: Statistics;
  /** Undefined: contents are not remembered. */
  readonly contents: ContentMemory | undefined;
}

/** A valid request of a known key, with all that its answer depends on. */
interface ChatCall {
  readonly key: ServedKey;
  readonly request: ChatRequest;
  readonly content: number;
  readonly attempt: number;
}

/**
 * Answers chat completions: authenticate, look for faults, charge limits, compose, send.
 * Faults that refuse come before limits and cost nothing; faults that spoil a reply come after.
 */
export class ChatService {
  readonly #parts: ChatServiceParts;

  constructor(parts: ChatServiceParts) {
    this.#parts = parts;
  }

  serve(exchange: Exchange, body: Buffer): void {
    const { keys, statistics } = this.#parts;
    const secret = readSecret(exchange.request.headers);
    const key = keys.find(secret);
    const keyName = key?.name ?? UNKNOWN_KEY_NAME;
    const counts = statistics.countReceived(keyName);
    try {
      if (!key) throw secret === undefined ? missingKey() : invalidKey(secret);
      const chat = this.#read(key, body, counts);
      const fault = this.#applyFault(chat, secret ?? "", counts);
      this.#answer(exchange, chat, fault);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      statistics.countRefused(keyName, error.code ?? String(error.status));
      exchange.sendError(error);
    }
  }

  #read(key: ServedKey, body: Buffer, counts: RequestCounts): ChatCall {
    const { contents, keys } = this.#parts;
    const content = hashContent(body);
    const attempt = contents?.recordReceived(content) ?? counts.serverRequests;
    const request = readChatRequest(body);
    keys.checkModel(key, request.model);
    return { key, request, content, attempt };
  }

  /** The fault that spoils the reply, if any. @throws ApiError when a fault refuses the request. */
  #applyFault(chat: ChatCall, secret: string, counts: RequestCounts): Fault | undefined {
    const { clock, startedAtMs, faults, statistics } = this.#parts;
    const { key, request, content, attempt } = chat;
    const fault = faults.pick({
      key: key.name,
      limitGroup: key.limitGroupName,
      model: request.model,
      messages: request.messages,
      elapsedMs: clock.now() - startedAtMs,
      ...counts,
      content,
      attempt,
    });
    if (!fault) return undefined;
    statistics.countFault(fault.kind);
    const refusal = refuse(fault, { secret, model: request.model });
    if (refusal) throw refusal;
    return fault;
  }

  /** @throws ApiError when a limit is reached, or the reply's schema cannot be answered. */
  #answer(exchange: Exchange, chat: ChatCall, fault: Fault | undefined): void {
    const { clock, contents, scenario, statistics } = this.#parts;
    const { key, request, content } = chat;
    const completion = composeCompletion(request, content, scenario, fault);
    const headers = this.#admit(key, request);
    contents?.recordAccepted(content);
    statistics.countAccepted(key.name, clock.now(), completion);
    const reply = this.#encode(chat, completion, fault);
    const pace = this.#drawPace(chat, completion, reply);
    exchange.sendReply(reply, planTransmission(reply, pace, fault), {
      headers,
      onDone: () => {
        key.limitGroup.leave();
        statistics.countFinished();
      },
    });
  }

  /** @returns the headers that say what is left. @throws ApiError when a limit is reached. */
  #admit({ limitGroup }: ServedKey, request: ChatRequest): readonly string[] {
    const prompt = estimatePromptTokens(request.messages);
    const { outputCap = 0 } = request;
    const tokens =
      limitGroup.tokenCharge === "sum" ? prompt + outputCap : Math.max(prompt, outputCap);
    const admission = limitGroup.admit(request.model, tokens, this.#parts.clock.now());
    if (admission.refusal)
      throw makeLimitError(admission.refusal, admission.headers, request.model);
    return admission.headers;
  }

  #encode({ request, content }: ChatCall, completion: Completion, fault: Fault | undefined): Reply {
    const envelope = {
      id: `chatcmpl-sim${content.toString(36)}`,
      model: request.model,
      createdAtMs: this.#parts.clock.now(),
    };
    if (fault?.kind === "wrong-body") return makeWrongBody(fault.variant, completion, envelope);
    return request.stream
      ? encodeStream(completion, envelope, request)
      : encodeCompletion(completion, envelope);
  }

  /** A stream begins after the latency and spreads its tokens; other replies come when all is there. */
  #drawPace({ request, content, attempt }: ChatCall, completion: Completion, reply: Reply): Pace {
    const { latency, seed } = this.#parts.scenario;
    const beforeMs = drawLatency(latency, createRandom(seed, LATENCY_DRAW, content, attempt));
    const outputMs = completion.outputTokens * latency.perOutputTokenMs;
    return request.stream
      ? { beforeMs, betweenPartsMs: outputMs / reply.parts.length }
      : { beforeMs: beforeMs + outputMs, betweenPartsMs: 0 };
  }
}
