import { expect, test } from "vitest";
import { InvariantError } from "../../vocabulary/error.ts";
import { answerWith, startReplyServer } from "../../../testing/reply-server.ts";
import { createTransport } from "./transport.ts";

test("sends to the origin it is bound to, and to no other", async () => {
  await using bound = await startReplyServer((response) => answerWith(response, "here"));
  await using other = await startReplyServer((response) => answerWith(response, "there"));
  const transport = createTransport();
  const fetch = transport.bindTo(bound.origin);
  const init = { method: "POST", body: "{}" };
  const response = await fetch(`${bound.origin}/v1`, init);
  expect(await response.text()).toBe("here");
  await expect(fetch(`${other.origin}/v1`, init)).rejects.toThrow(InvariantError);
  await expect(fetch(bound.origin.replace("http:", "https:"), init)).rejects.toThrow(
    InvariantError,
  );
  expect(other.requests).toEqual([]);
  await transport.close();
});
