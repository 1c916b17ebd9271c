#!/usr/bin/env node
// Starts the built command. Written so that any Node can read it: an old one must be told, not crash.
import { existsSync } from "node:fs";
import * as nodeModule from "node:module";

const OLDEST = [24, 15]; // from here on node:sqlite works without a flag or a warning
const entry = new URL("../dist/rota.js", import.meta.url);

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  refuse(
    `rota needs Node ${OLDEST.join(".")} or newer; this is Node ${process.versions.node}.`,
    "In a checkout, `npx rota` finds the project's own Node.",
  );
} else if (existsSync(entry)) {
  nodeModule.enableCompileCache();
  await import(entry.href);
} else {
  refuse("rota is not built yet.", "Run `npm start` or `pnpm build` once in the checkout.");
}

function refuse(...lines) {
  process.stderr.write(`${lines.join("\n")}\n`);
  process.exitCode = 2;
}
