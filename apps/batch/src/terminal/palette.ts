import { styleText } from "node:util";

type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

/** Ways to mark text; each returns the text as it is where colors are not wanted. */
export type Palette = Readonly<Record<Style, (text: string) => string>>;

export function createPalette(options: { readonly colors: boolean }): Palette {
  const mark = (style: Style) => (text: string) =>
    options.colors ? styleText(style, text, { validateStream: false }) : text;
  return {
    bold: mark("bold"),
    dim: mark("dim"),
    red: mark("red"),
    green: mark("green"),
    yellow: mark("yellow"),
    cyan: mark("cyan"),
  };
}
