import { formatUsd } from "../text/format-quantity.ts";
import type { Progress } from "./progress-tracker.ts";

/** `at least $0.0100 and up to $0.0300 more`, as far as it is so */
export function describeCost(
  progress: Pick<Progress, "costUsd" | "isCostPartial" | "maxFurtherCostUsd">,
): string {
  const { costUsd, isCostPartial, maxFurtherCostUsd } = progress;
  const further = maxFurtherCostUsd > 0 ? ` and up to ${formatUsd(maxFurtherCostUsd)} more` : "";
  return `${isCostPartial ? "at least " : ""}${formatUsd(costUsd)}${further}`;
}
