import { isSendableSecret, Secret } from "../../vocabulary/secret.ts";

export type ParsedSecret =
  | { readonly secret: Secret }
  /** `fault` ends a sentence about the secret. Neither repeats it. */
  | SecretMistake;

interface SecretMistake {
  readonly fault: string;
  readonly remedy: string;
}

interface KnownMistake extends SecretMistake {
  readonly isMade: (text: string) => boolean;
}

/** What is taken for a key by mistake, and would be refused by the server in words that do not help. */
const MISTAKES: readonly KnownMistake[] = [
  {
    isMade: (text) => text === "",
    fault: "is empty",
    remedy: "Set it to the key",
  },
  {
    isMade: (text) => /[\r\n]/.test(text),
    fault: "has more than one line",
    remedy: "Keep one key in it, on one line",
  },
  {
    isMade: (text) => /^["'`]|["'`]$/.test(text),
    fault: "stands in quotes, which are taken as a part of it",
    remedy: "Set it without the quotes",
  },
  {
    isMade: (text) => /^\$(?:\{|\(|\w+$)|^%\w+%$/.test(text),
    fault: "is the name of a variable that was not filled in",
    remedy: "Let the shell or the file that sets it put in the value, or set it to the key itself",
  },
  {
    isMade: (text) => /^Bearer\s/i.test(text),
    fault: 'begins with "Bearer", which is added when it is sent',
    remedy: "Set it to the key alone",
  },
  {
    // "=" ends base64, and stands in it nowhere else.
    isMade: (text) => /^[A-Za-z_][\w.-]*=(?!=*$)/.test(text),
    fault: "has a name and an equals sign before it",
    remedy: "Set it to the key alone, as it stands behind the equals sign",
  },
  {
    isMade: (text) => /[,;]/.test(text),
    fault: "has a comma or semicolon in it, as if it were several keys",
    remedy: "Give each key a name of its own: in a key file, or as OPENAI_API_KEY_<NAME>",
  },
  {
    // RFC 6750 knows far fewer. Quotes and backslashes inside come from a shell or from JSON.
    isMade: (text) => !isSendableSecret(text) || /["'`\\]/.test(text),
    fault: "has a character that no key can have",
    remedy: "Copy the key again, without spaces, quotes or backslashes",
  },
];

/** White space around it is no part of a secret: files end with a line break. */
export function parseSecret(text: string): ParsedSecret {
  const value = text.trim();
  const mistake = MISTAKES.find(({ isMade }) => isMade(value));
  if (mistake) return { fault: mistake.fault, remedy: mistake.remedy };
  return { secret: new Secret(value) };
}
