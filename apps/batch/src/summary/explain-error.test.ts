import { RunChangedError, StorageError } from "@rota/core";
import { expect, test } from "vitest";
import { explainError } from "./explain-error.ts";

const terminal = { arguments: ["run", "p.yml", "r.csv", "--json"], environment: {} };

test("a run that changed is answered with the command that starts over", () => {
  expect(explainError(new RunChangedError("The rows changed."), terminal)).toBe(
    "The rows changed. Undo the change to continue it, or set it aside and start over: " +
      "rota run p.yml r.csv --json --fresh",
  );
});

test("a damaged journal is answered with the command that sets it aside", () => {
  const facts = "The journal j.db cannot be used: it is damaged.";
  expect(explainError(new StorageError("in words of the engine", { facts }), terminal)).toBe(
    `${facts} Set it aside (nothing is deleted) and start over: ` +
      "rota run p.yml r.csv --json --fresh",
  );
});

test("all else is told as it is", () => {
  expect(explainError(new StorageError("The disk is full."), terminal)).toBe("The disk is full.");
});
