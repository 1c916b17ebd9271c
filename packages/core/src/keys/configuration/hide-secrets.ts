import type { Problem } from "../../vocabulary/problem.ts";

/** What follows `secret:`, unless it is a source. */
const AFTER_SECRET =
  /(\bsecret["']?\s*:\s*)(?!\s|["']?(?:env|file|exec):)("[^"]*"?|'[^']*'?|[^\s,}]+)/g;

/** OpenAI's prefix. */
const PREFIXED = /\bsk-[\w-]{4,}/g;

/** User and password of an address. */
const CREDENTIALS = /(:\/\/)([^\s/@]+)(?=@)/g;

/** What keys of other servers look like. Names of models and variables are shorter, or after `env:`. */
const LONG_WORD = /(?:\benv:)?[\w+=-]{24,}/g;

/**
 * A problem of a key file, with asterisks for what may be a secret that someone wrote into it.
 * They are as many as the characters they hide, so that the caret stays in its place.
 */
export function hideSecrets(problem: Problem): Problem {
  const { message, remedy, position } = problem;
  return {
    ...problem,
    message: hide(message),
    remedy: hide(remedy),
    position: position && { ...position, excerpt: hide(position.excerpt) },
  };
}

function hide(text: string): string {
  return text
    .replace(AFTER_SECRET, (_, before: string, secret: string) => before + cover(secret))
    .replace(CREDENTIALS, (_, before: string, credentials: string) => before + cover(credentials))
    .replace(PREFIXED, cover)
    .replace(LONG_WORD, (word) => (isRandom(word) ? cover(word) : word));
}

function isRandom(word: string): boolean {
  return !word.startsWith("env:") && /\d/.test(word) && /[A-Za-z]/.test(word);
}

function cover(text: string): string {
  return "*".repeat(text.length);
}
