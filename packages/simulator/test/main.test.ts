import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const SCENARIO = fileURLToPath(
  new URL("../../../fixtures/scenarios/four-keys.yml", import.meta.url),
);

function run(...options: string[]) {
  const child = spawn(process.execPath, [MAIN, ...options], { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

// Windows has no signals: `kill` ends a process there at once.
test.skipIf(process.platform === "win32").each(["SIGTERM", "SIGINT"] as const)(
  "the program says where it listens, serves, and ends at %s",
  async (signal) => {
    const child = run(SCENARIO);
    const [line] = await once(createInterface(child.stdout), "line");
    const ready: { url: string } = JSON.parse(line);
    expect(ready).toMatchObject({ simulator: "rota-simulator", simulated: true });
    const headers = { authorization: "Bearer sk-sim-support-a" };
    expect((await fetch(`${ready.url}/models`, { headers })).status).toBe(200);
    child.kill(signal);
    expect(await once(child, "exit")).toEqual([0, null]);
  },
);

test.each([[["missing.yml"]], [["--port", "many"]], [["--speed", "9"]]])(
  "a wrong command line %j ends with code 2 and a reason",
  async (options) => {
    const child = run(...options);
    const [[code], [reason]] = await Promise.all([
      once(child, "exit"),
      once(createInterface(child.stderr), "line"),
    ]);
    expect(code).toBe(2);
    expect(reason).toMatch(/missing\.yml|--port|--speed/);
  },
);
