import { startSimulator, type ScenarioInput, type Simulator } from "@rota/simulator";
import { onTestFinished } from "vitest";

/** A pipeline of one step, for rows with the columns `id` and `text`. */
export const PIPELINE = `name: echo
defaults: { model: gpt-5-mini, maxOutputTokens: 50 }
input: { id: id }
limits: { concurrency: 4 }
steps:
  - id: answer
    messages: [{ role: user, content: "Say something about {{ row.text }}" }]
outputs:
  - file: results.csv
`;

/** The simulator's own way to say which rows are to fail. */
export const FAULTY_SCENARIO = `keys: { only: {} }
faults:
  - { kind: content-filter, containsText: forbidden }
`;

export function makeRows(count: number): string {
  const lines = Array.from(
    { length: count },
    (_, index) => `row-${index + 1},subject ${index + 1}`,
  );
  return `id,text\n${lines.join("\n")}\n`;
}

export async function openSimulator(scenario: ScenarioInput): Promise<Simulator> {
  const simulator = await startSimulator({ scenario });
  onTestFinished(() => simulator.close());
  return simulator;
}

/** The environment that leads to a simulator that accepts any key. */
export function pointAt(simulator: Simulator): Record<string, string> {
  return { OPENAI_BASE_URL: simulator.url, OPENAI_API_KEY: "sk-canary-51ab04ce77" };
}
