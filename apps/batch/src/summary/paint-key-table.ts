import { printableLine, type KeyStatus } from "@rota/core";
import type { Palette } from "../terminal/palette.ts";
import { alignColumns } from "../text/align-columns.ts";
import { formatCount } from "../text/format-quantity.ts";
import { truncateText } from "../text/text-width.ts";

/** What each key did, as a table, and what became of it. */
export function paintKeyTable(
  keys: readonly KeyStatus[],
  { palette, columns }: { readonly palette: Palette; readonly columns: number },
): string {
  if (keys.length === 0) return "";
  const table = alignColumns(
    [
      { title: "key", align: "left" },
      { title: "limit group", align: "left" },
      { title: "sent", align: "right" },
      { title: "succeeded", align: "right" },
      { title: "throttled", align: "right" },
      { title: "", align: "left" },
    ],
    keys.map((key) => [
      printableLine(key.name),
      printableLine(key.limitGroup),
      formatCount(key.sent),
      formatCount(key.succeeded),
      formatCount(key.throttled),
      describeHealth(key),
    ]),
  );
  const lines = table.lines.map((line) => `  ${truncateText(line, columns - 2)}`);
  return [`  ${palette.dim(table.title)}`, ...lines].join("\n");
}

/** At the end of a run a hold is of no more interest. */
function describeHealth({ health, reason }: KeyStatus): string {
  if (health === "ready" || health === "held" || health === "out") return "";
  return printableLine(reason === undefined ? health : `${health}: ${reason}`);
}
