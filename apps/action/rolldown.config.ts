import { defineConfig } from "rolldown";

/** One file, since it is committed: the runner starts it as it is. */
export default defineConfig({
  input: { index: "src/index.ts" },
  platform: "node",
  tsconfig: false,
  transform: { target: "node24" },
  treeshake: {
    // The toolkit loads an HTTP client of its own, for sign-ins that are not used here.
    moduleSideEffects: [{ test: /[\\/]node_modules[\\/]@actions[\\/]/, sideEffects: false }],
  },
  output: {
    dir: "dist",
    format: "esm",
    cleanDir: true,
    minify: true,
    keepNames: true,
    codeSplitting: false,
  },
});
