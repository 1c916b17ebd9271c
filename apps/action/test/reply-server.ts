import { once } from "node:events";
import { createServer } from "node:http";
import { startSimulator, type ScenarioInput, type Simulator } from "@rota/simulator";
import { onTestFinished } from "vitest";

/** A simulator that takes any key. */
export async function simulate(scenario: ScenarioInput = {}): Promise<Simulator> {
  const simulator = await startSimulator({ scenario: { unknownKeys: "accept", ...scenario } });
  onTestFinished(() => simulator.close());
  return simulator;
}

export interface Answer {
  readonly status: number;
  readonly body: object;
}

/** A server that answers each prompt as it is told. @returns its base URL */
export async function serve(answer: (prompt: string) => Answer): Promise<string> {
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    request.on("end", () => {
      const { status, body } = answer(JSON.parse(text).messages.at(-1).content);
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return `http://127.0.0.1:${address.port}/v1`;
}

export function completion(content: string): Answer {
  return {
    status: 200,
    body: {
      choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content } }],
      usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
    },
  };
}

export function refusal(status: number, message: string, code = "bad_request"): Answer {
  return { status, body: { error: { message, code, type: code } } };
}
