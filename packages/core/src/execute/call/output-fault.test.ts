import { expect, test } from "vitest";
import { jsonObjectOutput, textOutput } from "../../pipeline/reply/step-output.ts";
import { findOutputFault } from "./output-fault.ts";

test.each([
  ["values", `{"a": [${"0,".repeat(60_000)}0]}`, "holds more than 30,000 values"],
  ["brackets", "[".repeat(1_000_000), "holds more than 30,000 values"],
  ["characters", JSON.stringify({ a: "x".repeat(2 ** 20) }), "is longer than 1,048,576 characters"],
])("a reply of too many %s is not parsed, and says so", (_, text, excess) => {
  const fault = findOutputFault(jsonObjectOutput, text, "stop");
  expect(fault).toBe(`the reply is too large to be checked: it ${excess}`);
});

test("a text may be as long as it likes", () => {
  expect(findOutputFault(textOutput, "[".repeat(2_000_000), "stop")).toBeUndefined();
});
