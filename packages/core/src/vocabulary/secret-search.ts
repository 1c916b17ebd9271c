import { listSecretForms, type SecretForm } from "./secret-forms.ts";

/** A part of a text, from `start` up to and without `end`. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** A place in a form. */
interface Place {
  readonly form: SecretForm;
  readonly index: number;
}

/** Characters that are looked up at once. */
const GRAM = 4;

/** Bits of the filter for each gram: three of a hundred others pass. */
const BITS_A_GRAM = 32;

/**
 * Finds known secrets, whole and in fragments, in all their forms.
 *
 * A fragment of n characters that may not be left holds a gram of four characters at one of every
 * n - 3 places of the text, so only these are looked at. Nearly all of them are settled by one bit of
 * a filter that holds the grams of every form: what a text costs does not depend on how many keys
 * there are. What passes is compared with the forms to both sides.
 */
export class SecretSearch {
  readonly #places = new Map<number, Place[]>();
  readonly #filter: Uint8Array;
  readonly #shift: number;
  /** From one looked-at place to the next; infinite when there is no secret. */
  readonly #stride: number;

  constructor(secrets: readonly string[]) {
    const forms = [...new Set(secrets)].flatMap(listSecretForms);
    for (const form of forms) this.#index(form);
    const bits = Math.max(12, Math.ceil(Math.log2(this.#places.size * BITS_A_GRAM)));
    this.#shift = 32 - bits;
    this.#filter = new Uint8Array(2 ** bits / 8);
    for (const gram of this.#places.keys()) {
      const bit = hash(gram, this.#shift);
      this.#filter[bit >> 3] = (this.#filter[bit >> 3] ?? 0) | (1 << (bit & 7));
    }
    const shortest = Math.min(...forms.map(({ shortestFragment }) => shortestFragment));
    this.#stride = shortest - GRAM + 1;
  }

  /** What must not be seen in a text: in order, apart from each other. */
  find(text: string): Span[] {
    const found: Span[] = [];
    const last = text.length - GRAM;
    let from = 0;
    for (let at = 0; at <= last;) {
      const gram = readGram(text, at);
      const bit = hash(gram, this.#shift);
      const passes = gram >= 0 && ((this.#filter[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;
      const span = passes ? this.#compare(text, at, gram, from) : undefined;
      if (span) {
        found.push(span);
        from = span.end;
        at = span.end;
      } else at += this.#stride;
    }
    return found;
  }

  #index(form: SecretForm): void {
    for (let index = form.prefixLength; index + GRAM <= form.text.length; index += 1) {
      const gram = readGram(form.text, index);
      if (gram < 0) continue;
      const places = this.#places.get(gram);
      if (places) places.push({ form, index });
      else this.#places.set(gram, [{ form, index }]);
    }
  }

  /** The longest run around a gram that some form has too, if it is too long to be left. */
  #compare(text: string, at: number, gram: number, from: number): Span | undefined {
    let longest: Span | undefined;
    for (const place of this.#places.get(gram) ?? []) {
      const span = extend(text, at, place, from);
      if (!span) continue;
      if (!longest || span.end - span.start > longest.end - longest.start) longest = span;
    }
    return longest;
  }
}

/** Follows the form to both sides, over breaks of the line. */
function extend(text: string, at: number, { form, index }: Place, from: number): Span | undefined {
  const { text: whole, shortestFragment, prefixLength } = form;
  let start = at;
  let first = index;
  while (first > 0) {
    const before = skipBreakBefore(text, start, from);
    if (before <= from || text[before - 1] !== whole[first - 1]) break;
    start = before - 1;
    first -= 1;
  }
  let end = at + GRAM;
  let last = index + GRAM;
  while (last < whole.length) {
    const next = skipBreak(text, end);
    if (text[next] !== whole[last]) break;
    end = next + 1;
    last += 1;
  }
  // A backslash that does not go on as the form does belongs to what follows.
  while (text[end - 1] === "\\") {
    end -= 1;
    last -= 1;
  }
  if (last - Math.max(first, prefixLength) < shortestFragment) return undefined;
  if (isOnlyWords(form, first, last)) return undefined;
  return { start: isEscaped(text, start) ? start - 1 : start, end };
}

/** A backslash left alone before the mask would escape it, and spoil a text that is JSON. */
function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text[first - 1] === "\\") first -= 1;
  return (at - first) % 2 === 1;
}

const WORDS = /^(?:[-_.a-z]*|[-_.A-Z]*)$/;

/**
 * Letters of one case are words, which a secret may have in it (`sk-support-…`), unless they are most
 * of it.
 */
function isOnlyWords({ text }: SecretForm, first: number, last: number): boolean {
  return last - first < 0.75 * text.length && WORDS.test(text.slice(first, last));
}

/** Line breaks of base64, as they are or as JSON writes them. */
const MAX_BREAK = 8;

function skipBreak(text: string, at: number): number {
  let next = at;
  while (next - at < MAX_BREAK) {
    if (isSpace(text[next])) next += 1;
    else if (text[next] === "\\" && isEscapedSpace(text[next + 1])) next += 2;
    else break;
  }
  return next;
}

function skipBreakBefore(text: string, at: number, from: number): number {
  let before = at;
  while (before > from && at - before < MAX_BREAK) {
    if (isSpace(text[before - 1])) before -= 1;
    else if (text[before - 2] === "\\" && isEscapedSpace(text[before - 1])) before -= 2;
    else break;
  }
  return Math.max(from, before);
}

function isSpace(character: string | undefined): boolean {
  return character === "\n" || character === "\r" || character === " " || character === "\t";
}

function isEscapedSpace(character: string | undefined): boolean {
  return character === "n" || character === "r" || character === "t";
}

/** Four characters of ASCII as one number; negative where one of them is none. */
function readGram(text: string, at: number): number {
  const a = text.charCodeAt(at);
  const b = text.charCodeAt(at + 1);
  const c = text.charCodeAt(at + 2);
  const d = text.charCodeAt(at + 3);
  return (a | b | c | d) > 127 ? -1 : a | (b << 7) | (c << 14) | (d << 21);
}

function hash(gram: number, shift: number): number {
  return Math.imul(gram, 0x9e37_79b1) >>> shift;
}
