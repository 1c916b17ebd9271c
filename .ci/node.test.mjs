import { expect, test } from "vitest";

const expected = process.env.ROTA_EXPECTED_NODE;

test.skipIf(!expected)("the tests run on the Node that the workflow asks for", () => {
  expect(process.versions.node.split(".")[0]).toBe(expected);
});
