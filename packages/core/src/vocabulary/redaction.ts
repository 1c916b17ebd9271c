import type { Secret } from "./secret.ts";

/** Takes secrets out of foreign text before it is stored, shown or thrown. */
export type Redact = (text: string) => string;

const MASK = "[redacted]";

/**
 * Credentials as they look on the wire, whatever their value: OpenAI's prefixes (also cut short
 * with asterisks, as error messages echo them), bearer tokens, key headers, key query parameters.
 */
const CREDENTIAL_SHAPES =
  /\bsk-[\w*.-]{4,}|(?<=\bBearer\s+)[\w.~+/*=-]{4,}|(?<=\bapi[-_]key["']?\s*[:=]\s*["']?)[^\s"'&,;]{4,}|(?<=[?&]key=)[^\s"'&]+/gi;

/** A secret shorter than this would redact ordinary words. */
const SHORTEST_SECRET = 6;

/** Redacts the given secrets (plain, base64 and URL-encoded) and everything of a credential's shape. */
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

/** A value as it may come back: plain, in base64 and URL-encoded. */
function formsOf(value: string): string[] {
  if (value.length < SHORTEST_SECRET) return [];
  return [value, Buffer.from(value).toString("base64"), encodeURIComponent(value)];
}
