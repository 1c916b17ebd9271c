/**
 * What makes a spreadsheet calculate a text instead of showing it: these signs at its beginning, in
 * their wide and small forms too, behind any white space; and a tab or a line end there
 * (https://owasp.org/www-community/attacks/CSV_Injection).
 */
const TRIGGER = /^(?:[\t\r\n]|[\s\p{Cf}]*[=+\-@＝＋－＠﹦﹢﹣﹫])/u;

const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

/** A text that a spreadsheet shows as it is: numbers stay numbers, formulas get an apostrophe. */
export function escapeFormula(text: string): string {
  return TRIGGER.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}
