import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Tests of whole steps start a process or two each, on machines that may be busy.
    testTimeout: 60_000,
  },
});
