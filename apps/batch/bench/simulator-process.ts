import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A simulator without limits or latency, in a process of its own: its work is not the client's. */
export class SimulatorProcess implements Disposable {
  readonly #process = spawn(
    process.execPath,
    ["../../../packages/simulator/src/main.ts", "../../../fixtures/scenarios/zero-latency.yml"].map(
      (path) => fileURLToPath(new URL(path, import.meta.url)),
    ),
    { stdio: ["ignore", "pipe", "inherit"] },
  );

  /** The base URL of its API, as soon as it listens. */
  async listen(): Promise<string> {
    const [ready] = await once(this.#process.stdout, "data");
    const { url }: { url: string } = JSON.parse(String(ready));
    return url;
  }

  [Symbol.dispose](): void {
    this.#process.kill();
  }
}
