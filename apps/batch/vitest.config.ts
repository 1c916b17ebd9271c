import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Tests share limits with each other, and not with what else runs on the machine.
    env: { ROTA_LIMITS_DIR: join(tmpdir(), "rota-limits-of-tests") },
    // Tests of whole programs start a process or two each, on machines that may be busy.
    testTimeout: 60_000,
  },
});
