import { type Problem, rewordProblem } from "./problem.ts";

/** Prefixes that the makers of keys put before them. */
const PREFIXED =
  /\b(?:sk|pk|rk|gsk|xai|hf|ghp|gho|ghs|github_pat|glpat|nvapi|pplx|csk|tgp|r8|AIza|AKIA|eyJ)[-_]?(?=[\w.-]{0,60}\d)[\w.-]{12,}|\bsk-[\w-]{4,}/g;

/** User and password of an address. */
const CREDENTIALS = /(:\/\/)([^\s/@]+)(?=@)/g;

/** What follows `Bearer`, and what is set as an API key. */
const INTRODUCED =
  /((?:\bBearer\s+|\b(?:api[-_]?key|secret|token|password)["']?\s*[:=]\s*)["']?)(?!(?:env|file):)([\w+/=.~-]{8,})/gi;

/** Nobody writes longer words that are made of letters and digits in turn. */
const LONG_WORD = /[\w+/=~.-]{16,}/g;

/**
 * A problem with asterisks for what looks like a credential that someone wrote where it does not
 * belong. They are as many as the characters they hide, so that the caret stays in its place. To be
 * done before the excerpt is cut.
 */
export function hideCredentials(problem: Problem): Problem {
  return rewordProblem(problem, coverCredentials);
}

/** Asterisks for everything that has the shape of a credential. */
export function coverCredentials(text: string): string {
  return text
    .replace(CREDENTIALS, (_, before: string, credentials: string) => before + cover(credentials))
    .replace(INTRODUCED, (whole, before: string, word: string) =>
      /\d/.test(word) ? before + cover(word) : whole,
    )
    .replace(PREFIXED, cover)
    .replace(LONG_WORD, (word) => (isRandom(word) ? cover(word) : word));
}

export function cover(text: string): string {
  return "*".repeat(text.length);
}

/** A hash, a UUID, base64 or letters by lot: whatever is written by machines alone. */
function isRandom(word: string): boolean {
  if (/(?:^|[^A-Za-z0-9])(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{16,}/i.test(word)) return true;
  // Names of models and files, dates and words are pieces of one kind, or very short.
  const mixed = word.split(/[^A-Za-z0-9]+/).filter((piece) => countTurns(piece) >= 3);
  const length = mixed.reduce((sum, piece) => sum + piece.length, 0);
  const turns = mixed.reduce((sum, piece) => sum + countTurns(piece), 0);
  return length >= 8 && turns >= 0.35 * length;
}

/** How often the kind of character changes: capital, small letter, digit. `gpt4o` has two turns. */
function countTurns(piece: string): number {
  return (piece.match(/[A-Z]+|[a-z]+|\d+/g)?.length ?? 1) - 1;
}
