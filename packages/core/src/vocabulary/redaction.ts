import { SecretSearch } from "./secret-search.ts";
import type { Secret } from "./secret.ts";

/**
 * Takes secrets out of foreign text before it is stored, shown or thrown. Always before it is cut:
 * of a secret that a cut goes through, a part too short to be known may be left.
 */
export type Redact = (text: string) => string;

const MASK = "[redacted]";

/**
 * Credentials as they look on the wire, whatever their value: OpenAI's prefixes, whatever an error
 * message shows only the ends of, bearer tokens, key headers, key query parameters. The runs of spaces
 * are bounded: a page of nothing else would take seconds.
 */
const CREDENTIAL_SHAPES =
  /\bsk-[\w*.-]{4,}|[\w.~+/=-]{2,32}\*{4,}[\w.~+/=*-]*|(?<=\bBearer\s{1,9})[\w.~+/*=-]{4,}|(?<=\bapi[-_]key["']?\s{0,9}[:=]\s{0,9}["']?)[^\s"'&,;]{4,}|(?<=[?&]key=)[^\s"'&]+/gi;

/** For messages: redacts the given secrets, in all their forms, and everything of a credential's shape. */
export function createRedaction(secrets: readonly Secret[]): Redact {
  const mask = createMask(secrets.map((secret) => secret.reveal()));
  return (text) => mask(text).replace(CREDENTIAL_SHAPES, MASK);
}

/**
 * For texts that were asked for and paid for: redacts the given secrets alone. What only looks like a
 * credential may be what a reply is about, and so may be the word that a server which asks for no key
 * was given as one (`ollama`, `not-needed`). A text without a secret comes back as it is.
 */
export function createSecretMask(secrets: readonly Secret[]): Redact {
  return createMask(
    secrets.map((secret) => secret.reveal()).filter((value) => !PLACEHOLDER.test(value)),
  );
}

/** Letters of one case, and too few for a secret. */
const PLACEHOLDER = /^(?=.{0,20}$)(?:[-_.a-z]*|[-_.A-Z]*)$/;

function createMask(values: readonly string[]): Redact {
  const search = new SecretSearch(values);
  return (text) => {
    let clean = "";
    let from = 0;
    for (const { start, end } of search.find(text)) {
      clean += text.slice(from, start) + MASK;
      from = end;
    }
    return from === 0 ? text : clean + text.slice(from);
  };
}
