import { expect, test } from "vitest";
import { weighStatuses } from "./journal.ts";

test("a subject is failed before it is uncertain, uncertain before it is done, and skipped only as a whole", () => {
  expect(weighStatuses(["done", "uncertain", "failed", "skipped"])).toBe("failed");
  expect(weighStatuses(["done", "uncertain", "skipped"])).toBe("uncertain");
  expect(weighStatuses(["skipped", "done"])).toBe("done");
  expect(weighStatuses(["skipped", "skipped"])).toBe("skipped");
});
