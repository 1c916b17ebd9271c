import type { Secret } from "./secret.ts";

/** Takes secrets out of foreign text before it is stored, shown or thrown. */
export type Redact = (text: string) => string;

const MASK = "[redacted]";

/**
 * Credentials as they look on the wire, whatever their value: OpenAI's prefixes, whatever an error
 * message shows only the ends of, bearer tokens, key headers, key query parameters.
 */
const CREDENTIAL_SHAPES =
  /\bsk-[\w*.-]{4,}|[\w.~+/=-]{2,32}\*{4,}[\w.~+/=*-]*|(?<=\bBearer\s+)[\w.~+/*=-]{4,}|(?<=\bapi[-_]key["']?\s*[:=]\s*["']?)[^\s"'&,;]{4,}|(?<=[?&]key=)[^\s"'&]+/gi;

/** A secret shorter than this would redact ordinary words. */
const SHORTEST_SECRET = 6;

/** Redacts the given secrets (plain, in base64 and URL-encoded) and everything of a credential's shape. */
export function createRedaction(secrets: readonly Secret[]): Redact {
  const known = secrets
    .flatMap((secret) => formsOf(secret.reveal()))
    .toSorted((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const value of known) clean = clean.replaceAll(value, MASK);
    return clean.replace(CREDENTIAL_SHAPES, MASK);
  };
}

/** A value as it may come back: plain, URL-encoded, and in both alphabets of base64, padded or not. */
function formsOf(value: string): string[] {
  if (value.length < SHORTEST_SECRET) return [];
  const bytes = Buffer.from(value);
  const base64 = bytes.toString("base64").replace(/=+$/, "");
  return [value, encodeURIComponent(value), base64, bytes.toString("base64url")];
}
