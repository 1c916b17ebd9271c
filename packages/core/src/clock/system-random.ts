import type { Random } from "../vocabulary/random.ts";

/** Real chance. */
export const systemRandom: Random = Math.random;
