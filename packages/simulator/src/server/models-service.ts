import type { Clock } from "../clock.ts";
import type { FaultPlan } from "../faults/fault-plan.ts";
import { refuse } from "../faults/refuse.ts";
import { ApiError } from "../replies/api-error.ts";
import { invalidKey, missingKey, modelNotFound } from "../replies/key-errors.ts";
import { SIMULATOR_NAME } from "../simulator-name.ts";
import type { Statistics } from "../statistics.ts";
import type { Exchange } from "./exchange.ts";
import { readSecret, type KeyDirectory, type ServedKey } from "./key-directory.ts";

interface ModelsServiceParts {
  readonly clock: Clock;
  readonly startedAtMs: number;
  readonly keys: KeyDirectory;
  readonly faults: FaultPlan;
  readonly statistics: Statistics;
}

/** Lists the models that a key may use. No limit is charged; faults that refuse the key apply here too. */
export class ModelsService {
  readonly #parts: ModelsServiceParts;

  constructor(parts: ModelsServiceParts) {
    this.#parts = parts;
  }

  list(exchange: Exchange): void {
    this.#answer(exchange, (models) => ({ object: "list", data: models.map(describeModel) }));
  }

  retrieve(exchange: Exchange, model: string): void {
    this.#answer(exchange, (models) => {
      if (!models.includes(model)) throw modelNotFound(model);
      return describeModel(model);
    });
  }

  #answer(exchange: Exchange, describe: (models: readonly string[]) => unknown): void {
    const { keys } = this.#parts;
    const secret = readSecret(exchange.request.headers);
    try {
      const key = keys.find(secret);
      if (!key) throw secret === undefined ? missingKey() : invalidKey(secret);
      this.#checkFaults(key, secret ?? "");
      exchange.sendJson(describe(keys.listModels(key)));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      exchange.sendError(error);
    }
  }

  /** @throws ApiError when a fault refuses the key, whatever the model. */
  #checkFaults(key: ServedKey, secret: string): void {
    const { clock, startedAtMs, faults, statistics } = this.#parts;
    const fault = faults.pick({
      key: key.name,
      limitGroup: key.limitGroupName,
      model: undefined,
      messages: [],
      elapsedMs: clock.now() - startedAtMs,
      ...statistics.requestCounts(key.name),
      content: 0,
      attempt: 0,
    });
    if (fault?.kind !== "revoked" && fault?.kind !== "ip-not-authorized") return;
    const refusal = refuse(fault, { secret, model: undefined });
    if (refusal) throw refusal;
  }
}

function describeModel(model: string) {
  return { id: model, object: "model", created: 0, owned_by: SIMULATOR_NAME };
}
