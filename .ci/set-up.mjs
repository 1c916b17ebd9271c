// Brings a checkout to where `rota` can be started: dependencies installed, bundles built.
// Needs only Node 20 and npm; the project's own Node and pnpm come with the dependencies.
// A second run with nothing changed takes a moment and no network.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { prependToPath, toSpawn } from "./commands.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, "node_modules", ".bin");
const stampFile = join(root, "node_modules", ".set-up");

// Both tools would otherwise call home; nothing here is sent anywhere.
const environment = {
  ...prependToPath(process.env, bin, process.platform),
  TURBO_TELEMETRY_DISABLED: "1",
  DO_NOT_TRACK: "1",
};

const stamp = stampOfManifests();
if (readIfThere(stampFile) !== stamp) {
  console.error("Setting up: installing dependencies (once, a minute or so) …");
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const pnpm = existsSync(join(bin, "pnpm")) ? ["pnpm"] : ["npx", "--yes", packageManager];
  run([...pnpm, "install", "--frozen-lockfile", "--reporter=append-only"]);
  writeFileSync(stampFile, stamp);
}
run(["turbo", "run", "build", "--output-logs=errors-only", "--no-update-notifier"]);

/** Changes when anything that decides what is installed changes. */
function stampOfManifests() {
  const workspaces = ["packages", "apps"].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(folder, name, "package.json")),
  );
  const hash = createHash("sha256");
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml", "package.json", ...workspaces]) {
    hash.update(readIfThere(join(root, file)) ?? "");
  }
  return hash.digest("hex");
}

function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** Runs a command quietly; shows what it printed, and stops, only when it fails. */
function run(words) {
  const { command, args, shell } = toSpawn(words, process.platform);
  const result = spawnSync(command, args, {
    cwd: root,
    env: environment,
    encoding: "utf8",
    shell,
    // Above the usual 1 MiB of output the command would be killed.
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.status === 0) return;
  console.error(result.stdout ?? "", result.stderr ?? "", result.error?.message ?? "");
  console.error(`Setting up failed at: ${words.join(" ")}`);
  process.exit(1);
}
