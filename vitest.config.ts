import { defineConfig } from "vitest/config";

/** All tests of the repository as one run with one summary; each package also runs alone. */
export default defineConfig({
  test: {
    projects: ["packages/*", "apps/*", ".ci"],
  },
});
