/** Invisible, and enough to keep what stands on both sides of it from being read as one thing. */
const GAP = "\u200B";

/**
 * Makes foreign text one line of Markdown that reads as the text does and does nothing: no markup,
 * no HTML, nothing loaded, no link, no mention, no reference to an issue. It fits into a table's
 * cell; its own line breaks become `<br>`.
 */
export function escapeMarkdown(text: string): string {
  const escaped = text
    .trim()
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll(/[\\`*_[\]~|$]/g, "\\$&")
    // What makes a block at the start of a line: heading, list, underline of a heading or table.
    .replace(/^[-+=:#]/, "\\$&")
    .replace(/^(\d+)([.)])(?=\s|$)/, "$1\\$2")
    .replaceAll(/\r\n|[\n\r]/g, "<br>");
  return breakReferences(escaped);
}

/**
 * Keeps the formatting of foreign Markdown and takes out what would reach beyond it: HTML, images,
 * links, mentions, references, diagrams and maps. Each of these shows as the text it was written
 * with. Code, which Markdown shows as it stands, is treated alike: where it begins is for each
 * renderer to say, so nothing may depend on it.
 */
export function tameMarkdown(text: string): string {
  const tamed = text
    .replaceAll("\r\n", "\n")
    .replaceAll(/<(?=[a-z/!?])/gi, `<${GAP}`)
    // An entity can spell what is looked for below.
    .replaceAll(/&(?=[a-z#])/gi, `&${GAP}`)
    .replaceAll("![", `!${GAP}[`)
    // Inline links, then definitions of links by name.
    .replaceAll(/\](?=[(:])/g, `]${GAP}`)
    .replaceAll(/(`{3,}|~{3,})(\s*)(?=mermaid|geojson|topojson|stl|math)/gi, `$1$2${GAP}`);
  return closeFence(breakReferences(tamed));
}

/**
 * GitHub looks for these in the text that has been rendered, so escaping does not keep it from
 * them; other renderers make links of bare addresses too.
 */
function breakReferences(text: string): string {
  return (
    text
      // Mentions, and addresses of mail.
      .replaceAll(/@(?=\\*\w)/g, `@${GAP}`)
      // #1 and GH-1, also behind "closes".
      .replaceAll(/#(?=\d)/g, `#${GAP}`)
      .replaceAll(/GH-(?=\d)/gi, `$&${GAP}`)
      .replaceAll(/:(?=\\*\/)/g, `:${GAP}`)
      .replaceAll(/www(?=\\*\.)/gi, `$&${GAP}`)
  );
}

/** A code block that never ends would take the rest of the report into itself. */
function closeFence(text: string): string {
  let open = "";
  for (const line of text.split("\n")) {
    const [, fence = "", info = ""] = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    if (open === "") open = fence;
    else if (fence.startsWith(open) && info.trim() === "") open = "";
  }
  return open === "" ? text : `${text}\n${open}`;
}
