import { cover, coverCredentials } from "../../vocabulary/hide-credentials.ts";
import { type Problem, rewordProblem } from "../../vocabulary/problem.ts";
import { SECRET_SCHEMES } from "./secret-source.ts";

const SOURCE = `(?:${SECRET_SCHEMES.join("|")}):`;

/** What follows `secret:`, unless it is a source. */
const AFTER_SECRET = new RegExp(
  `(\\bsecret["']?\\s*:\\s*)(?!\\s|["']?${SOURCE})("[^"]*"?|'[^']*'?|[^\\s,}]+)`,
  "g",
);

/** What keys of other servers look like. Names of models and variables are shorter, or after `env:`. */
const LONG_WORD = new RegExp(`(?:\\b${SOURCE})?[\\w+=-]{24,}`, "g");
const IS_SOURCE = new RegExp(`^${SOURCE}`);

/**
 * A problem of a key file, with asterisks for what may be a secret that someone wrote into it: a key
 * file is where people put keys, so more is taken for one than elsewhere.
 */
export function hideSecrets(problem: Problem): Problem {
  return rewordProblem(problem, hide);
}

function hide(text: string): string {
  return coverCredentials(
    text.replace(AFTER_SECRET, (_, before: string, secret: string) => before + cover(secret)),
  ).replace(LONG_WORD, (word) => (isRandom(word) ? cover(word) : word));
}

function isRandom(word: string): boolean {
  return !IS_SOURCE.test(word) && /\d/.test(word) && /[A-Za-z]/.test(word);
}
