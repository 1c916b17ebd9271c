import type { IncomingHttpHeaders } from "node:http";
import { LimitGroup } from "../limits/limit-group.ts";
import { modelNotAllowed, modelNotFound } from "../replies/key-errors.ts";
import { limitGroupSchema } from "../scenario/limit-group-schema.ts";
import { DEFAULT_MODELS, UNKNOWN_KEY_NAME, type Scenario } from "../scenario/scenario-schema.ts";
import { secretForKey } from "../scenario/secret-for-key.ts";

export interface ServedKey {
  readonly name: string;
  readonly limitGroupName: string;
  readonly limitGroup: LimitGroup;
  /** Undefined: all that the server has. */
  readonly models: readonly string[] | undefined;
}

/** The keys that are served, each with the limits it counts against. */
export class KeyDirectory {
  readonly #models: Scenario["models"];
  readonly #bySecret = new Map<string, ServedKey>();
  /** Stands for every secret that the scenario does not list; undefined where those are refused. */
  readonly #unknown: ServedKey | undefined;

  constructor(scenario: Scenario, nowMs: number) {
    this.#models = scenario.models;
    const groups = new Map<string, LimitGroup>();
    const serve = (name: string, key: Scenario["keys"][string]): ServedKey => {
      const limitGroupName = key.limitGroup ?? name;
      const settings = scenario.limitGroups[limitGroupName] ?? limitGroupSchema.parse({});
      const limitGroup = groups.get(limitGroupName) ?? new LimitGroup(settings, nowMs);
      groups.set(limitGroupName, limitGroup);
      return { name, limitGroupName, limitGroup, models: key.models };
    };
    for (const [name, key] of Object.entries(scenario.keys)) {
      this.#bySecret.set(key.secret ?? secretForKey(name), serve(name, key));
    }
    if (scenario.unknownKeys === "accept") this.#unknown = serve(UNKNOWN_KEY_NAME, {});
  }

  /** Undefined when requests with this secret must be refused. */
  find(secret: string | undefined): ServedKey | undefined {
    return (secret === undefined ? undefined : this.#bySecret.get(secret)) ?? this.#unknown;
  }

  /** The models that this key may use. */
  listModels(key: ServedKey): readonly string[] {
    const models = this.#models === "any" ? DEFAULT_MODELS : this.#models;
    return key.models ?? models;
  }

  /** @throws ApiError when the model does not exist (404), or not for this key (403). */
  checkModel(key: ServedKey, model: string): void {
    if (this.#models !== "any" && !this.#models.includes(model)) throw modelNotFound(model);
    if (key.models && !key.models.includes(model)) throw modelNotAllowed(model);
  }
}

/** From `Authorization: Bearer …`, or from `api-key` as Azure has it. */
export function readSecret(headers: IncomingHttpHeaders): string | undefined {
  const bearer = headers.authorization?.match(/^bearer +(.+)$/i)?.[1];
  if (bearer !== undefined) return bearer;
  const apiKey = headers["api-key"];
  return typeof apiKey === "string" ? apiKey : undefined;
}
