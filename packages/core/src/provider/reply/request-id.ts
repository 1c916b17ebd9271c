import type { Redact } from "../../vocabulary/redaction.ts";
import { tidyMessage } from "./tidy-message.ts";
import type { HeaderSource } from "./header-source.ts";

/** The id that the server gave the request, for questions to its support. Redacted and cut, as foreign text. */
export function readRequestId(headers: HeaderSource, redact: Redact): string | undefined {
  const id = headers.get("x-request-id");
  return id === null ? undefined : tidyMessage(id, redact);
}
