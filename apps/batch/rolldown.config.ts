import { defineConfig } from "rolldown";

/**
 * One entry, and a chunk for each command that is loaded when it runs: `--help` must not wait for
 * the engine.
 */
export default defineConfig({
  input: { rota: "src/main.ts" },
  platform: "node",
  tsconfig: false,
  transform: { target: "node24" },
  output: {
    dir: "dist",
    format: "esm",
    cleanDir: true,
    minify: true,
    keepNames: true,
    chunkFileNames: "[name]-[hash].js",
  },
});
