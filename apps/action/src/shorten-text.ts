/** The error of a row may quote a whole reply. UTF-16 units. */
const MAX_SHOWN_LENGTH = 300;

export function shortenText(text: string): string {
  return text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH)}…` : text;
}
