const counts = new Intl.NumberFormat("en-US");

/** `12,345` */
export function formatCount(count: number): string {
  return counts.format(count);
}

/** `1 row`, `12,345 rows` */
export function formatCounted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** `$12.30`; below a dollar with four digits, as prompts cost fractions of a cent: `$0.0042`. */
export function formatUsd(usd: number): string {
  if (usd > 0 && usd < 0.0001) return "< $0.0001";
  return `$${usd === 0 || usd >= 1 ? usd.toFixed(2) : usd.toFixed(4)}`;
}

/** The two largest units: `0.8 s`, `42 s`, `1 min 5 s`, `2 h 10 min`, `3 d 4 h`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 9_950) return `${(durationMs / 1000).toFixed(1)} s`;
  const seconds = Math.round(durationMs / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Events a second, in the unit that reads best: `120 rows/s`, `4.2 rows/s`, `30 rows/min`. */
export function formatRate(perSecond: number, noun: string): string {
  if (perSecond >= 10) return `${formatCount(Math.round(perSecond))} ${noun}/s`;
  if (perSecond >= 1) return `${perSecond.toFixed(1)} ${noun}/s`;
  return `${(perSecond * 60).toFixed(perSecond * 60 >= 10 ? 0 : 1)} ${noun}/min`;
}

/** `41 %`; a hundred only when there is nothing left. */
export function formatShare(share: number): string {
  return `${share >= 1 ? 100 : Math.min(99, Math.round(share * 100))} %`;
}
