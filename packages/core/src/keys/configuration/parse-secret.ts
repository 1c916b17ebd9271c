import { Secret } from "../../vocabulary/secret.ts";

/** Printable ASCII. Anything else cannot stand in a header, or would begin another one. */
const SENDABLE = /^[\x21-\x7e]+$/;

export type ParsedSecret =
  | { readonly secret: Secret }
  /** `fault` ends a sentence about the secret. Neither repeats it. */
  | { readonly fault: string; readonly remedy: string };

/** White space around it is no part of a secret: files end with a line break. */
export function parseSecret(text: string): ParsedSecret {
  const value = text.trim();
  if (value === "") return { fault: "is empty", remedy: "Set it to the key" };
  if (/[\r\n]/.test(value)) {
    return { fault: "has more than one line", remedy: "Keep one key in it, on one line" };
  }
  if (!SENDABLE.test(value)) {
    return {
      fault: "has a character that no key can have",
      remedy: "Copy the key again, without spaces",
    };
  }
  return { secret: new Secret(value) };
}
