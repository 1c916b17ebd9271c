import { secretForKey, type ScenarioInput } from "@rota/simulator";

/** Four keys, each with limits of its own. */
export const KEYS = ["a", "b", "c", "d"] as const;

/** One step, for rows with the columns `id` and `text`. */
export const ECHO = `name: echo
defaults: { model: gpt-5-mini, maxOutputTokens: 60 }
input: { id: id }
limits: { concurrency: 32 }
steps:
  - id: answer
    messages: [{ role: user, content: "Say something about {{ row.text }}" }]
`;

/** A step with a schema, a step on a condition, and one over the whole run. */
export const TRIAGE = `name: triage
defaults: { model: gpt-5-mini, maxOutputTokens: 100 }
input: { id: id }
limits: { concurrency: 32 }
steps:
  - id: classify
    messages: [{ role: user, content: "Classify {{ row.text }}" }]
    output:
      schema:
        type: object
        required: [urgency]
        additionalProperties: false
        properties: { urgency: { enum: [low, high] } }
  - id: reply
    when: steps.classify.output.urgency == "high"
    messages: [{ role: user, content: "Answer {{ row.text }}" }]
  - id: digest
    per: run
    messages:
      - role: user
        content: |
          {%- assign urgent = rows | where: "steps.classify.output.urgency", "high" %}
          Sum up {{ rows.size }} rows, {{ urgent.size }} of them urgent
`;

export function makeRows(count: number, text = (number: number) => `subject ${number}`): string {
  const lines = Array.from({ length: count }, (_, index) => `row-${index + 1},${text(index + 1)}`);
  return `id,text\n${lines.join("\n")}\n`;
}

export function rowIds(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `row-${index + 1}`);
}

/** A scenario with `KEYS`; it answers within a few milliseconds. */
export const FOUR_KEYS: ScenarioInput = {
  keys: Object.fromEntries(KEYS.map((name) => [name, {}])),
  latency: { kind: "uniform", minimumMs: 5, maximumMs: 30 },
};

/** Limits that a key's group was granted, as a key file writes them. */
export interface Limits {
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  readonly concurrency?: number;
}

/** A key file: each key has a limit group of its own, and its secret in a variable of its name. */
export function makeKeyFile(
  url: string,
  {
    names = KEYS,
    limits,
    models,
  }: {
    readonly names?: readonly string[];
    readonly limits?: Limits;
    readonly models?: readonly string[];
  } = {},
): string {
  const keys = names.map((name) => [name, { secret: `env:KEY_${name.toUpperCase()}`, models }]);
  const group = { baseUrl: url, limits: limits && { "*": limits } };
  const groups = names.map((name) => [name, group]);
  return JSON.stringify({
    keys: Object.fromEntries(keys),
    limitGroups: Object.fromEntries(groups),
  });
}

/** The variables that a key file of `makeKeyFile` points to, for the simulator's own keys. */
export function makeEnvironment(names: readonly string[] = KEYS): Record<string, string> {
  return Object.fromEntries(names.map((name) => [`KEY_${name.toUpperCase()}`, secretForKey(name)]));
}
