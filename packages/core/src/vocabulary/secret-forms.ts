/** A secret as it may come back, and how much of it must not be seen. */
export interface SecretForm {
  readonly text: string;
  /** A run of so many characters of the form, wherever it begins behind the prefix, is masked. */
  readonly shortestFragment: number;
  /**
   * Length of what its maker puts before each of its keys, as in `sk-ant-api03-…`. Every manual has
   * it in it: on its own it is no secret, and where all keys have it, it tells nothing.
   */
  readonly prefixLength: number;
}

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
  const [found = ""] = PUBLIC_PREFIX.exec(value) ?? [];
  const prefix = value.length - found.length < 2 * fragment ? "" : found;
  const inUrls = encodeURIComponent(value);
  const asWritten = [
    value,
    inUrls,
    inUrls.replace(/%../g, (code) => code.toLowerCase()),
    JSON.stringify(value).slice(1, -1),
    // Some writers of JSON do so.
    value.replaceAll("/", "\\/"),
  ].map((text) => ({ text, shortestFragment: fragment, prefixLength: prefix.length }));
  const hexadecimal = Buffer.from(value).toString("hex");
  const inHexadecimal = [hexadecimal, hexadecimal.toUpperCase()].map((text) => {
    return { text, shortestFragment: 2 * fragment, prefixLength: 2 * prefix.length };
  });
  const inBase64 = [0, 1, 2].flatMap((shift) => toBase64(value, { prefix, shift, fragment }));
  const forms = [...inHexadecimal, ...inBase64, ...asWritten];
  return [...new Map(forms.map((form) => [form.text, form])).values()];
}

/** What stands for the value in the base64 of a text in which so many bytes (modulo 3) come before it. */
function toBase64(
  value: string,
  { prefix, shift, fragment }: { prefix: string; shift: number; fragment: number },
): SecretForm[] {
  const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(value)]);
  const firstOfOwn = Math.ceil((shift * 8) / 6);
  const prefixLength = Math.max(0, Math.floor(((shift + prefix.length) * 8) / 6) - firstOfOwn);
  // So many characters are certain to be made of the fragment alone.
  const shortestFragment = Math.floor((8 * fragment - 5) / 6);
  const standard = bytes.toString("base64").replace(/=+$/, "");
  return [standard, bytes.toString("base64url")].map((text) => {
    return { text: text.slice(firstOfOwn), shortestFragment, prefixLength };
  });
}
