import type { Palette } from "../terminal/palette.ts";
import { printableLine } from "@rota/core";

/** Something that the user may want to do now. */
export interface NextStep {
  readonly what: string;
  readonly command?: string | undefined;
}

export function formatNextSteps(steps: readonly NextStep[], palette: Palette): string {
  return steps
    .map(({ what, command }) => {
      const line = `  ${palette.cyan("→")} ${printableLine(what)}`;
      return command === undefined
        ? line
        : `${line}:\n      ${palette.bold(printableLine(command))}`;
    })
    .join("\n");
}
