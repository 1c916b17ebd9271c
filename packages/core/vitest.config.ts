import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Tests share limits with each other, and not with what else runs on the machine.
    env: { ROTA_LIMITS_DIR: join(tmpdir(), "rota-limits-of-tests") },
    // Whole runs take seconds, and longer on a busy machine; most of that they wait, so that more
    // of them than there are cores get on well together.
    testTimeout: 60_000,
    maxWorkers: 3,
  },
});
