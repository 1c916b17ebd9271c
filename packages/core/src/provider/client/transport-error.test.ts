import { expect, test } from "vitest";
import { toTransportError } from "./transport-error.ts";

test.each([
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "untrusted"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "untrusted"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "untrusted"],
  ["CERT_HAS_EXPIRED", "untrusted"],
  ["UND_ERR_RES_EXCEEDED_MAX_SIZE", "too-large"],
  ["ERR_BUFFER_TOO_LARGE", "too-large"],
  ["UND_ERR_SOCKET", "broken"],
  ["ECONNREFUSED", "broken"],
])("%s means: %s", (code, fault) => {
  const cause = Object.assign(new Error("it failed"), { code });
  expect(toTransportError(cause, true)).toMatchObject({ fault, cause, message: "it failed" });
});

test("names the code of an error that says nothing", () => {
  const cause = Object.assign(new AggregateError([]), { code: "ECONNREFUSED" });
  expect(toTransportError(cause, false).message).toBe("ECONNREFUSED");
});
