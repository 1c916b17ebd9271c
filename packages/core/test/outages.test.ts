import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished, expect, test } from "vitest";
import { setTimeout as sleep } from "node:timers/promises";
import { COUNT_UNIT } from "../src/journal/checksums.ts";
import { ECHO, KEYS, makeEnvironment, makeRows, rowIds } from "./example.ts";
import { makeRunFolder } from "./run-folder.ts";
import { runRota } from "./rota-process.ts";
import { runHere } from "./stage.ts";

const LATENCY_MS = 20;

/** A server of a few lines that can be away, or answer all with a status. */
class FickleServer {
  served = 0;
  status: number | undefined;
  #server: Server | undefined;
  #port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async open(): Promise<void> {
    const server = createServer((request, response) => {
      request.resume();
      setTimeout(() => this.#answer(response), LATENCY_MS);
    });
    await new Promise<void>((resolve) => server.listen(this.#port, "127.0.0.1", resolve));
    // oxlint-disable-next-line no-unsafe-type-assertion -- a server that listens on a port
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Nothing listens any more, and what was in flight breaks. */
  async goAway(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve) ?? resolve(undefined));
  }

  #answer(response: ServerResponse): void {
    if (this.status !== undefined) {
      response.writeHead(this.status, { "content-type": "text/html" });
      response.end("<h1>no service</h1>");
      return;
    }
    this.served += 1;
    const message = { role: "assistant", content: "ok" };
    response.writeHead(200, { "content-type": "application/json" });
    response.end(
      JSON.stringify({
        choices: [{ index: 0, message, finish_reason: "stop" }],
        usage: { prompt_tokens: 10, completion_tokens: 1, total_tokens: 11 },
      }),
    );
  }
}

async function openServers(count: number): Promise<FickleServer[]> {
  const servers = Array.from({ length: count }, () => new FickleServer());
  for (const server of servers) await server.open();
  onTestFinished(async () => {
    for (const server of servers) await server.goAway();
  });
  return servers;
}

/** A key of its own for each server. */
function prepare(
  servers: readonly FickleServer[],
  { rows, limits = "" }: { readonly rows: number; readonly limits?: string },
) {
  const names = KEYS.slice(0, servers.length);
  const folder = makeRunFolder({
    "pipeline.yml": ECHO.replace("concurrency: 32", `concurrency: 16${limits}`),
    "rows.csv": makeRows(rows),
    "keys.yml": JSON.stringify({
      keys: Object.fromEntries(
        names.map((name) => [name, { secret: `env:KEY_${name.toUpperCase()}` }]),
      ),
      limitGroups: Object.fromEntries(
        servers.map(({ url }, index) => [names[index], { baseUrl: `${url}/v1` }]),
      ),
    }),
  });
  onTestFinished(() => folder[Symbol.dispose]());
  return folder;
}

const AWAY_MS = 3_000;

test.each([
  ["refuses connections", undefined],
  ["answers 503", 503],
  ["answers 502", 502],
])("while the only server %s calls wait, none pays for it, and no row fails", async (_, status) => {
  const [server] = await openServers(1);
  if (!server) throw new Error("There is no server.");
  const folder = prepare([server], { rows: 400 });
  const ended = runHere(folder);
  while (server.served < 100) await sleep(10);
  if (status === undefined) await server.goAway();
  else server.status = status;
  await sleep(AWAY_MS);
  server.status = undefined;
  if (status === undefined) await server.open();
  const summary = await ended;
  expect(summary).toMatchObject({ status: "completed", rows: { done: 400, failed: 0 } });
  expect(folder.results().map(({ id }) => id)).toEqual(rowIds(400));
  const [{ most } = {}] = folder.query(`SELECT max(attempts) / ${COUNT_UNIT} AS most FROM call`);
  expect(Number(most)).toBeLessThan(15);
});

test("while one server of two is away the other serves every row", async () => {
  const servers = await openServers(2);
  const folder = prepare(servers, { rows: 300 });
  await servers[0]?.goAway();
  const summary = await runHere(folder);
  expect(summary).toMatchObject({ status: "completed", rows: { done: 300, failed: 0 } });
  expect(servers[1]?.served).toBe(300);
});

test("a server that is away from the start ends the run in 5, with nothing failed, and it goes on later", async () => {
  const servers = await openServers(1);
  const folder = prepare(servers, { rows: 60, limits: ", outageMinutes: 0.02" });
  await servers[0]?.goAway();
  const stopped = await runRota(folder, makeEnvironment());
  expect(stopped).toMatchObject({ code: 5 });
  expect(JSON.parse(stopped.stdout)).toMatchObject({
    status: "outage",
    rows: { total: 60, done: 0, failed: 0 },
  });
  expect(stopped.stderr).toMatch(/no answer from 127\.0\.0\.1:\d+ since \d+ s, next try in/);
  expect(stopped.stderr).toMatch(/continue with:\n\s+rota run pipeline\.yml rows\.csv/);
  await servers[0]?.open();
  expect(await runRota(folder, makeEnvironment())).toMatchObject({ code: 0 });
  expect(folder.results().map(({ id }) => id)).toEqual(rowIds(60));
});
