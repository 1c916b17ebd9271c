import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { parseScenario } from "./scenario/parse-scenario.ts";
import { SIMULATOR_NAME } from "./simulator-name.ts";
import { startSimulator } from "./start-simulator.ts";

const USAGE = "Usage: node main.ts [scenario.yml] [--port N]";
/** As the shell expects for a wrong command line. */
const WRONG_USAGE = 2;

/** Runs until SIGTERM or SIGINT. When it is ready, one line of JSON on stdout says where. */
async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { port: { type: "string", default: "0" } },
  });
  const [file, ...others] = positionals;
  const port = Number(values.port);
  if (others.length > 0 || !Number.isInteger(port)) throw new Error(USAGE);
  const scenario = file ? parseScenario(await readFile(file, "utf8"), file) : undefined;
  const simulator = await startSimulator({ scenario, port });
  const ready = { simulator: SIMULATOR_NAME, simulated: true, url: simulator.url };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void simulator.close());
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = WRONG_USAGE;
}
