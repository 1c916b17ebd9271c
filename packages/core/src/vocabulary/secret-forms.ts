/** A secret as it may come back, and how much of it must not be seen. */
export interface SecretForm {
  readonly text: string;
  /** A run of so many characters of the form, wherever it begins, is masked. */
  readonly shortestFragment: number;
  /** Length of what its maker puts before each of its keys, as in `sk-ant-api03-…`. */
  readonly prefixLength: number;
}

/** Every manual of a provider has these in it: on their own they are no secret. */
const PUBLIC_PREFIX = /^(?:[a-z]{2,8}\d{0,2}[-_]){1,3}/;

/** A secret shorter than this would mask ordinary words. */
const SHORTEST_SECRET = 6;

/**
 * Characters. Of a key of today, 40 to 160 random characters, the fragment that is left below this is
 * worth nothing; a longer one could be put together with others. Of a short secret half of it counts.
 */
const LONGEST_FRAGMENT_LEFT = 12;

/**
 * A value as it may come back: plain, URL-encoded, JSON-escaped, in hexadecimal, and in both alphabets
 * of base64 at each of the three places that a text before it can move it to: `Bearer KEY` as a whole
 * is encoded otherwise than the key alone.
 */
export function listSecretForms(value: string): SecretForm[] {
  if (value.length < SHORTEST_SECRET) return [];
  const fragment = Math.min(
    LONGEST_FRAGMENT_LEFT,
    Math.max(SHORTEST_SECRET, Math.ceil(value.length / 2)),
  );
  const inUrls = encodeURIComponent(value);
  const hexadecimal = Buffer.from(value).toString("hex");
  const asWritten = [
    value,
    inUrls,
    inUrls.replace(/%../g, (code) => code.toLowerCase()),
    JSON.stringify(value).slice(1, -1),
    // Some writers of JSON do so.
    value.replaceAll("/", "\\/"),
  ];
  const lengths = new Map([
    ...[hexadecimal, hexadecimal.toUpperCase()].map((form) => [form, 2 * fragment] as const),
    // So many characters are certain to be made of the fragment alone.
    ...[0, 1, 2]
      .flatMap((shift) => toBase64(value, shift))
      .map((form) => [form, Math.floor((8 * fragment - 5) / 6)] as const),
    ...asWritten.map((form) => [form, fragment] as const),
  ]);
  return [...lengths].map(([text, shortestFragment]) => {
    const prefixLength = PUBLIC_PREFIX.exec(text)?.[0].length ?? 0;
    return { text, shortestFragment, prefixLength };
  });
}

/** What stands for the value in the base64 of a text in which so many bytes (modulo 3) come before it. */
function toBase64(value: string, shift: number): string[] {
  const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(value)]);
  const firstOfOwn = Math.ceil((shift * 8) / 6);
  const standard = bytes.toString("base64").replace(/=+$/, "");
  return [standard, bytes.toString("base64url")].map((form) => form.slice(firstOfOwn));
}
