import { join } from "node:path";
import type { LimitStore, LimitStoreParts, OpenLimitStore } from "../limits/limit-store.ts";
import { memoryLimits } from "../limits/memory-limits.ts";
import { UNSEEN_OTHERS_PACE } from "../limits/pacing.ts";
import { LimitsDatabase } from "./limits-database.ts";
import { explainLimitsFailure, SharedLimitStore } from "./shared-limit-store.ts";
import { SharedTime } from "./shared-time.ts";

export interface SharedLimitsOptions {
  /** Where the processes of this machine meet; made when missing. */
  readonly directory: string;
  /** Milliseconds since the Unix epoch, the same for all of them. @default the ring's clock */
  readonly readWallTime?: (() => number) | undefined;
  /** Told, at most once for each ring, that limits are not shared and why. For people. */
  readonly onNotice?: ((message: string) => void) | undefined;
}

/**
 * Limits that are shared by the processes of one machine which use the same folder. It never
 * throws for anything the disk does: then the ring goes on alone, paced more carefully.
 */
export function sharedLimits(options: SharedLimitsOptions): OpenLimitStore {
  const { directory, onNotice = () => {} } = options;
  const onFailure = (explanation: string) => {
    const file = join(directory, "limits.db");
    onNotice(
      `Limits are not shared with other runs on this machine: ${file} cannot be used, ` +
        `${explanation}. This run goes on alone, more slowly. If it stays so, remove the file ` +
        "while nothing runs.",
    );
  };
  return (parts) => open(parts, options, onFailure);
}

function open(
  parts: LimitStoreParts,
  { directory, readWallTime = () => parts.clock.now() }: SharedLimitsOptions,
  onFailure: (explanation: string) => void,
): LimitStore {
  let database: LimitsDatabase | undefined;
  try {
    database = new LimitsDatabase(directory);
    const time = new SharedTime(parts.clock, readWallTime);
    return new SharedLimitStore(parts, { database, time, onFailure });
  } catch (error) {
    database?.close();
    const explanation = explainLimitsFailure(error);
    if (explanation === undefined) throw error;
    onFailure(explanation);
    return memoryLimits({ paceShare: UNSEEN_OTHERS_PACE })(parts);
  }
}
