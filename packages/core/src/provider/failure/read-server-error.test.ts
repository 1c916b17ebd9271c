import { expect, test } from "vitest";
import { readServerError } from "./read-server-error.ts";

test.each([
  [
    { code: "slow_down", message: "Later" },
    { code: "slow_down", message: "Later" },
  ],
  [
    { code: null, type: "server_error" },
    { code: "server_error", message: "" },
  ],
  [
    { code: 502, message: "Bad gateway" },
    { code: "", status: 502 },
  ],
  [
    { code: "429", type: "rate_limit_exceeded" },
    { code: "rate_limit_exceeded", status: 429 },
  ],
  [{ status: 503, message: "Busy" }, { status: 503 }],
  [
    { code: 7, status: "fine" },
    { code: "", status: undefined },
  ],
  ["No luck", { code: "", message: "No luck", status: undefined }],
  [null, { code: "", message: "", status: undefined }],
])("%j", (error, read) => {
  expect(readServerError(error)).toMatchObject(read);
});
