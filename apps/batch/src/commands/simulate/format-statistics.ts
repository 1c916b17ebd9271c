import type { SimulatorStatistics } from "@rota/simulator";
import type { Palette } from "../../terminal/palette.ts";
import { alignColumns } from "../../text/align-columns.ts";
import { formatCount, formatCounted } from "../../text/format-quantity.ts";
import { printableLine } from "@rota/core";

/** What the simulator saw while it served. */
export function formatStatistics(statistics: SimulatorStatistics, palette: Palette): string {
  const { received, accepted, byKey, refused, concurrency, promptTokens, outputTokens } =
    statistics;
  const { title, lines } = alignColumns(
    [
      { title: "key", align: "left" },
      { title: "received", align: "right" },
      { title: "accepted", align: "right" },
      { title: "refused", align: "right" },
    ],
    Object.entries(byKey).map(([name, counts]) => [
      printableLine(name),
      formatCount(counts.received),
      formatCount(counts.accepted),
      formatCount(counts.refused),
    ]),
  );
  const refusals = Object.entries(refused).map(
    ([code, count]) => `${formatCount(count)} ${printableLine(code)}`,
  );
  return [
    "",
    palette.bold(`${formatCounted(received, "request")}, ${formatCount(accepted)} accepted`),
    `  ${palette.dim("tokens   ")}${formatCount(promptTokens)} in · ${formatCount(outputTokens)} out`,
    `  ${palette.dim("in flight")} at most ${formatCount(concurrency.maximum)}`,
    ...(refusals.length > 0 ? [`  ${palette.dim("refused  ")}${refusals.join(" · ")}`] : []),
    ...(lines.length > 0
      ? ["", palette.dim(`  ${title}`), ...lines.map((line) => `  ${line}`)]
      : []),
    "",
  ].join("\n");
}
