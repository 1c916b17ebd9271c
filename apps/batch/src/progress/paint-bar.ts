/** A bar of `width` cells, filled to `share` (0 to 1). */
export function paintBar(share: number, width: number): string {
  const filled = Math.round(Math.max(0, Math.min(1, share)) * width);
  return "█".repeat(filled).padEnd(width, "░");
}
