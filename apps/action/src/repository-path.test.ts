import { posix, win32 } from "node:path";
import { expect, test } from "vitest";
import { toRepositoryPath } from "./repository-path.ts";

test("an annotation names a file from the repository's root, without ./", () => {
  expect(toRepositoryPath("./pipelines/../triage.yml", posix)).toBe("triage.yml");
});

test("on Windows it does so with slashes", () => {
  expect(toRepositoryPath(String.raw`.\pipelines\triage.yml`, win32)).toBe("pipelines/triage.yml");
  expect(toRepositoryPath("./pipelines/triage.yml", win32)).toBe("pipelines/triage.yml");
});

test("elsewhere a backslash is a part of the name", () => {
  expect(toRepositoryPath(String.raw`a\b.yml`, posix)).toBe(String.raw`a\b.yml`);
});
