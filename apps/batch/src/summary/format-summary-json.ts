import type { RunSummary } from "@rota/core";

/** The summary for machines: one line of JSON, keys by name, null where a value is not known. */
export function formatSummaryJson(summary: RunSummary): string {
  const keys = Object.fromEntries(summary.keys.map(({ name, ...status }) => [name, status]));
  const json = JSON.stringify({ ...summary, keys }, (_name, value: unknown) => value ?? null);
  return `${json}\n`;
}
