import { defineConfig } from "oxlint";
import { importLaw } from "./.ci/import-law.ts";

export default defineConfig({
  plugins: ["typescript", "unicorn", "import", "promise", "vitest", "oxc"],
  categories: {
    correctness: "error",
    suspicious: "error",
    perf: "error",
  },
  ignorePatterns: ["**/dist/**"],
  rules: {
    "import/no-cycle": "error",
    "no-await-in-loop": "off",
    "no-console": "error",
    "no-underscore-dangle": "off",
    "typescript/no-explicit-any": "error",
    "typescript/no-floating-promises": "error",
    "typescript/no-misused-promises": "error",
    "typescript/no-non-null-assertion": "error",
    "typescript/switch-exhaustiveness-check": [
      "error",
      {
        considerDefaultExhaustiveForUnions: true,
      },
    ],
    "typescript/consistent-type-imports": "error",
    "import/no-default-export": "error",
    "unicorn/filename-case": [
      "error",
      {
        case: "kebabCase",
      },
    ],
    "typescript/consistent-return": "off",
    "import/no-named-as-default-member": "off",
    "unicorn/consistent-function-scoping": "off",
    "promise/always-return": "off",
    "oxc/no-map-spread": "off",
    "no-unmodified-loop-condition": "off",
  },
  overrides: [
    {
      files: ["**/*.config.ts"],
      rules: {
        "import/no-default-export": "off",
      },
    },
    ...importLaw,
    {
      files: ["packages/core/src/**/*.ts"],
      rules: {
        "no-restricted-globals": [
          "error",
          {
            name: "setTimeout",
            message: "Take time from the injected clock.",
          },
          {
            name: "setInterval",
            message: "Take time from the injected clock.",
          },
        ],
        "no-restricted-properties": [
          "error",
          {
            object: "Date",
            property: "now",
            message: "Take time from the injected clock.",
          },
          {
            object: "Math",
            property: "random",
            message: "Take chance from the injected source.",
          },
        ],
      },
    },
    {
      files: ["packages/core/src/clock/**/*.ts"],
      rules: {
        "no-restricted-globals": "off",
        "no-restricted-properties": "off",
      },
    },
    {
      files: ["**/*.test.ts", "**/testing/**/*.ts", "**/test/**/*.ts", "**/bench/**/*.ts"],
      rules: {
        "typescript/no-misused-spread": "off",
        "typescript/no-base-to-string": "off",
        "typescript/restrict-template-expressions": "off",
        "no-restricted-imports": "off",
        "no-restricted-globals": "off",
        "no-restricted-properties": "off",
      },
    },
    {
      files: ["**/bench/**/*.ts", ".ci/*.mjs", "apps/batch/bin/*.mjs"],
      rules: {
        "no-console": "off",
      },
    },
  ],
});
