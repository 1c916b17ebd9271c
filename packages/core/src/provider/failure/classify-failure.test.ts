import { expect, test } from "vitest";
import { classifyErrorAfterSuccess, classifyFailure, type Refusal } from "./classify-failure.ts";

const classify = (refusal: Partial<Refusal>) =>
  classifyFailure({ status: 400, code: "", message: "", shouldRetry: null, ...refusal });

test.each([
  [401, "invalid_api_key", "key-revoked"],
  [401, "", "key-revoked"],
  [401, "ip_not_authorized", "environment"],
  [403, "unsupported_country_region_territory", "environment"],
  [403, "", "model-not-allowed"],
  [404, "model_not_found", "model-not-allowed"],
  [429, "rate_limit_exceeded", "throttled"],
  [429, "", "throttled"],
  [429, "slow_down", "ramp-too-steep"],
  [503, "slow_down", "ramp-too-steep"],
  [402, "", "billing-organization"],
  [429, "insufficient_quota", "billing-organization"],
  [429, "billing_hard_limit_reached", "billing-organization"],
  [429, "credit_balance_exhausted", "billing-organization"],
  [429, "organization_spend_limit_exceeded", "billing-organization"],
  [429, "organization_usage_limit_exceeded", "billing-organization"],
  [429, "project_spend_limit_exceeded", "billing-project"],
  [307, "", "environment"],
  [408, "", "transient"],
  [409, "", "transient"],
  [500, "", "transient"],
  [502, "", "no-service"],
  [503, "", "no-service"],
  [503, "server_is_overloaded", "ramp-too-steep"],
  [529, "", "no-service"],
  [504, "", "transient"],
  [599, "", "transient"],
])("a %i with code %j is %s", (status, code, failureClass) => {
  expect(classify({ status, code })).toMatchObject({ class: failureClass, code: "unavailable" });
});

test.each([
  [400, "context_length_exceeded", "context-too-long"],
  [400, "content_filter", "content-filtered"],
  [400, "content_policy_violation", "content-filtered"],
  [400, "unheard_of", "invalid-request"],
  [413, "", "invalid-request"],
  [422, "", "invalid-request"],
  [418, "", "invalid-request"],
])("a %i with code %j is the row's own fault: %s", (status, code, errorCode) => {
  expect(classify({ status, code })).toEqual({
    class: "caller-fault",
    code: errorCode,
    mayHaveBeenProcessed: false,
  });
});

test("a 404 bars a key from a model only where it speaks of a model", () => {
  const message = "The model `gpt-5-mimi` does not exist.";
  expect(classify({ status: 404, message })).toMatchObject({ class: "model-not-allowed" });
  const page = classify({ status: 404, message: "page not found" });
  expect(page).toMatchObject({ class: "caller-fault", code: "invalid-request" });
});

test("one call above a whole limit is not throttled forever", () => {
  const message = "Request too large for gpt-5-mini on tokens per min (TPM): Limit 1, Requested 2.";
  const verdict = classify({ status: 429, code: "rate_limit_exceeded", message });
  expect(verdict).toMatchObject({ class: "caller-fault", code: "too-large-for-limits" });
});

test("a server that lost the request may have done the work; one that refused it has not", () => {
  const statuses = [408, 500, 502, 504, 524, 400, 401, 409, 429, 503];
  const processed = statuses.filter((status) => classify({ status }).mayHaveBeenProcessed);
  expect(processed).toEqual([408, 500, 502, 504, 524]);
});

test("a passing fault that must not be retried is final", () => {
  const verdict = classify({ status: 500, shouldRetry: "false" });
  expect(verdict).toMatchObject({ class: "caller-fault", code: "unavailable" });
});

test("a throttle stays a throttle, though it must not be retried at once", () => {
  expect(classify({ status: 429, shouldRetry: "false" }).class).toBe("throttled");
});

test("a wrong request stays wrong, even if the server wants it again", () => {
  expect(classify({ status: 400, shouldRetry: "true" }).class).toBe("caller-fault");
});

test.each([
  "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens.",
  "the request exceeds the available context size, try increasing it",
  "Input is longer than the context window",
])("%j is the row's own fault, though no code says so", (message) => {
  expect(classify({ message })).toMatchObject({ class: "caller-fault", code: "context-too-long" });
  expect(classify({ status: 401, message }).class).toBe("key-revoked");
});

test.each([
  [{ status: 429, code: "" }, "throttled", "unavailable"],
  [{ status: 502, code: "" }, "transient", "unavailable"],
  [{ status: undefined, code: "insufficient_quota" }, "billing-organization", "unavailable"],
  [{ status: undefined, code: "context_length_exceeded" }, "caller-fault", "context-too-long"],
  [{ status: undefined, code: "server_error" }, "caller-fault", "malformed-reply"],
])("an error %j that came with success is %s", (error, failureClass, code) => {
  const verdict = classifyErrorAfterSuccess({ message: "", ...error }, null);
  expect(verdict).toMatchObject({ class: failureClass, code });
});
