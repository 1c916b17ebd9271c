import { createHmac } from "node:crypto";
import type { KeyRingConfiguration, NamedKey } from "../../vocabulary/named-key.ts";

/**
 * Names under which processes find what they have in common. They are keyed hashes, by a salt that
 * never leaves the machine, so that neither secrets nor endpoints can be read or guessed from them
 * elsewhere.
 */
export class GroupIdentity {
  readonly #salt: Uint8Array;
  /** By the name of the limit group. */
  readonly #groups = new Map<string, readonly unknown[]>();
  readonly #keyNames = new Map<string, string>();

  constructor({ keys }: KeyRingConfiguration, salt: Uint8Array) {
    this.#salt = salt;
    const groups = Map.groupBy(keys, ({ limitGroup }) => limitGroup);
    const named = new Map<string, number>();
    for (const ofGroup of groups.values()) {
      const name = nameCounted(ofGroup);
      if (name) named.set(name, (named.get(name) ?? 0) + 1);
    }
    for (const [limitGroup, ofGroup] of groups) {
      const name = nameCounted(ofGroup);
      // Two groups of one configuration are two, even where what they name is the same.
      const isUnique = name !== undefined && named.get(name) === 1;
      const secrets = isUnique ? [] : ofGroup.map((key) => this.nameKey(key)).toSorted();
      this.#groups.set(limitGroup, [ofGroup[0]?.endpoint.baseUrl, name, secrets]);
    }
    for (const key of keys) this.#keyNames.set(this.nameKey(key), key.name);
  }

  /** A limit group for one model, as the server is thought to count it. */
  nameLane(limitGroup: string, model: string): string {
    return this.#hash(["lane", this.#groups.get(limitGroup), model]);
  }

  /** A key, whatever it is called. */
  nameKey({ secret, endpoint: { baseUrl, organization, project } }: NamedKey): string {
    return this.#hash(["key", secret.reveal(), baseUrl, organization, project]);
  }

  /** What the key of that name is called in this configuration, if it is there. */
  findKey(name: string): string | undefined {
    return this.#keyNames.get(name);
  }

  #hash(parts: readonly unknown[]): string {
    return createHmac("sha256", this.#salt).update(JSON.stringify(parts)).digest("base64url");
  }
}

/** The organization and project that a server counts for; undefined where only the keys are known. */
function nameCounted([key]: readonly NamedKey[]): string | undefined {
  const { baseUrl, organization, project } = key?.endpoint ?? {};
  if (organization === undefined && project === undefined) return undefined;
  return JSON.stringify([baseUrl, organization, project]);
}
