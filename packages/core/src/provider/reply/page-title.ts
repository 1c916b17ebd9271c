/** UTF-16 units. A page's title stands at its beginning. */
const BEGINNING = 20_000;

const PAGE = /^\s*(?:<!--[^]{0,1000}?-->\s*)?<(?:!doctype\s+html|html|head)\b/i;
const TITLE = /<title[^>]{0,200}>([^<]{0,300})/i;

/**
 * Names a page of HTML, which a proxy answers with in the server's place, by its title.
 * @returns undefined when the text is no page
 */
export function describePage(text: string): string | undefined {
  const beginning = text.slice(0, BEGINNING);
  if (!PAGE.test(beginning)) return undefined;
  const title = TITLE.exec(beginning)?.[1]?.trim();
  return title ? `a page of HTML, "${title}"` : "a page of HTML without a title";
}
