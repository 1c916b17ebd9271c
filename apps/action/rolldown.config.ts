import { defineConfig } from "rolldown";

/** One file, since it is committed: the runner starts it as it is. */
export default defineConfig({
  input: { index: "src/index.ts" },
  platform: "node",
  tsconfig: false,
  transform: { target: "node24" },
  output: {
    dir: "dist",
    format: "esm",
    cleanDir: true,
    minify: true,
    keepNames: true,
    codeSplitting: false,
  },
});
