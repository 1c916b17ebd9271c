/** The error of a row may quote a whole reply. UTF-16 units. */
const MOST_SHOWN = 300;

export function shortenText(text: string): string {
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}
