import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Whole runs take seconds, and longer on a busy machine.
    testTimeout: 60_000,
  },
});
