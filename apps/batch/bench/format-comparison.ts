import type { Measurement } from "./measure-contender.ts";

/** Each contender once, one after the other. */
export interface Round {
  readonly script: Measurement;
  readonly rota: Measurement;
  readonly bare: Measurement;
}

export interface Comparison {
  readonly rowCount: number;
  readonly concurrency: number;
  readonly rounds: readonly Round[];
}

const COLUMNS = [
  { heading: "CPU µs a row", measure: "cpuUsPerRow" },
  { heading: "rows/s", measure: "rowsPerSecond" },
  { heading: "peak MB", measure: "peakMegabytes" },
] as const;

/** Medians by contender, then ratios: the median of the rounds' own, with the least and the most. */
export function formatComparison({ rowCount, concurrency, rounds }: Comparison): string {
  const title = `${rowCount.toLocaleString("en")} rows, ${concurrency} in flight, ${rounds.length} rounds`;
  return [
    formatLine(
      title,
      COLUMNS.map(({ heading }) => heading),
    ),
    formatMedians("  openai script", rounds, (round) => round.script),
    formatMedians("  rota", rounds, (round) => round.rota),
    formatMedians("  bare undici", rounds, (round) => round.bare),
    formatRatios("  rota / openai script", rounds, (round) => [round.rota, round.script]),
    formatLine("  bar", ["≤ 0.75", "≥ 1.40", "< 200 MB"]),
    formatRatios("  rota / bare undici", rounds, (round) => [round.rota, round.bare]),
    "",
  ].join("\n");
}

function formatMedians(
  label: string,
  rounds: readonly Round[],
  pick: (round: Round) => Measurement,
): string {
  const cells = COLUMNS.map(({ measure }) =>
    Math.round(summarize(rounds.map((round) => pick(round)[measure])).median).toLocaleString("en"),
  );
  return formatLine(label, cells);
}

function formatRatios(
  label: string,
  rounds: readonly Round[],
  pick: (round: Round) => readonly [Measurement, Measurement],
): string {
  const cells = COLUMNS.map(({ measure }) => {
    const ratios = rounds.map((round) => {
      const [one, other] = pick(round);
      return one[measure] / other[measure];
    });
    const { median, least, most } = summarize(ratios);
    return `${median.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`;
  });
  return formatLine(label, cells);
}

function summarize(values: readonly number[]): { median: number; least: number; most: number } {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    median: sorted[sorted.length >> 1] ?? Number.NaN,
    least: sorted[0] ?? Number.NaN,
    most: sorted.at(-1) ?? Number.NaN,
  };
}

function formatLine(label: string, cells: readonly string[]): string {
  return label.padEnd(40) + cells.map((cell) => cell.padStart(20)).join("");
}
