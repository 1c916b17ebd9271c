import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Whole runs take seconds, and longer on a busy machine; most of that they wait, so that more
    // of them than there are cores get on well together.
    testTimeout: 60_000,
    maxWorkers: 3,
  },
});
