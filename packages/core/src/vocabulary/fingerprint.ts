import { createHash } from "node:crypto";

/** A short, stable name for a text: the first 128 bits of its SHA-256, in hexadecimal. */
export function fingerprint(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
