import type { Redact } from "../../vocabulary/redaction.ts";
import { tidyMessage } from "../failure/failure-message.ts";
import type { HeaderSource } from "./header-source.ts";

/** The name a server gave the request: what its support asks for, and foreign text like all it says. */
export function readRequestId(headers: HeaderSource, redact: Redact): string | undefined {
  const id = headers.get("x-request-id");
  return id === null ? undefined : tidyMessage(id, redact);
}
