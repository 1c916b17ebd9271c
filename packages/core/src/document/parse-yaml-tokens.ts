import { CST, Lexer, Parser } from "yaml";
import { ProblemsError } from "../vocabulary/problem.ts";
import type { TextLocator } from "./text-locator.ts";

/** UTF-8 bytes. Larger than any configuration; rows of data belong into a data file. */
const MAX_TEXT_BYTES = 256 * 1024;

/** Maps and lists inside one another. */
export const MAX_NESTING = 64;

/** Twice what 256 KiB of ordinary YAML have. Each costs some 4 µs until it is a value. */
const MAX_TOKENS = 60_000;

const MOVE_DATA = "Make it smaller; rows of data belong into a CSV or JSONL file";

/**
 * The first pass over YAML text. Composing nodes recurses, and `[` nested thousands deep ends the
 * process uncatchably; the token parser does not recurse, so that bounds are kept here.
 * @throws ProblemsError for text that is too large, too deep, or has too many parts.
 */
export function parseYamlTokens(text: string, file: string, locator: TextLocator): CST.Token[] {
  const refuse = (message: string, remedy: string, offset?: number): never => {
    const position = offset === undefined ? undefined : locator.locate(offset);
    throw new ProblemsError([{ code: "too-large", message, remedy, file, position }]);
  };
  if (Buffer.byteLength(text) > MAX_TEXT_BYTES) {
    refuse(`the file is larger than ${MAX_TEXT_BYTES / 1024} KiB`, MOVE_DATA);
  }
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    // Below the collections on the stack stands the document, above them perhaps a scalar.
    const others = CST.isCollection(parser.stack.at(-1)) ? 1 : 2;
    if (parser.stack.length - others > MAX_NESTING) {
      refuse(`more than ${MAX_NESTING} maps and lists in one another`, "Nest less", parser.offset);
    }
    count += 1;
    if (count > MAX_TOKENS) refuse("the file has too many parts", MOVE_DATA, parser.offset);
  }
  tokens.push(...parser.end());
  return tokens;
}
