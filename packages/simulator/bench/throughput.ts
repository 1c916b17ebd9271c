/**
 * Requests a second that one simulator process answers: no latency, no limits, every body its own.
 * The load comes from this process, over connections that are kept. Usage: `throughput.ts [seconds]`
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const CONNECTIONS = 128;
const WARM_UP_SECONDS = 2;
const FILLER = "It does not work as it should. ".repeat(8);

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const scenario = fileURLToPath(
  new URL("../../../fixtures/scenarios/zero-latency.yml", import.meta.url),
);
const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });

const server = spawn(process.execPath, [main, scenario], { stdio: ["ignore", "pipe", "inherit"] });
try {
  const [line] = await once(createInterface(server.stdout), "line");
  const { url }: { url: string } = JSON.parse(line);
  await measure(`${url}/chat/completions`, WARM_UP_SECONDS);
  const seconds = Number(process.argv[2] ?? 5);
  const perSecond = await measure(`${url}/chat/completions`, seconds);
  console.log(
    `${Math.round(perSecond)} requests/s over ${seconds} s on ${CONNECTIONS} connections`,
  );
} finally {
  agent.destroy();
  server.kill("SIGTERM");
}

/** @returns requests a second. @throws Error at the first answer that is not a 200. */
async function measure(url: string, seconds: number): Promise<number> {
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1_000;
  let sent = 0;
  const keepAsking = async () => {
    while (performance.now() < endsAt) {
      sent += 1;
      await ask(url, `Ticket ${sent}: ${FILLER}`);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, keepAsking));
  return (sent / (performance.now() - startedAt)) * 1_000;
}

function ask(url: string, content: string): Promise<void> {
  const messages = [{ role: "user", content }];
  const body = JSON.stringify({ model: "gpt-5-mini", max_completion_tokens: 300, messages });
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: "Bearer any",
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    };
    const call = request(url, { method: "POST", agent, headers }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`Status ${response.statusCode}.`));
      response.resume().on("end", resolve);
    });
    call.on("error", reject).end(body);
  });
}
