import type { Per } from "../vocabulary/subject.ts";
import type { Scope } from "./pipeline.ts";

/** The names that templates and conditions of a step may begin with. */
export const SCOPE_NAMES = {
  row: ["row", "steps"],
  group: ["group", "steps"],
  run: ["rows", "groups", "run", "steps"],
} as const satisfies Record<Per, readonly (keyof Scope)[]>;
