import { hash } from "node:crypto";

/** A short, stable name for a text: the first 128 bits of its SHA-256, in hexadecimal. */
export function fingerprint(text: string): string {
  return hash("sha256", text, "hex").slice(0, 32);
}
