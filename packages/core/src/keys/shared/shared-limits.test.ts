import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe } from "vitest";
import {
  configureKey,
  type LimitsUnderTest,
  testLimitStore,
} from "../../../testing/limit-store-conformance.ts";
import { createRandom } from "../../vocabulary/random.ts";
import type { OpenLimitStore } from "../limits/limit-store.ts";
import { sharedLimits } from "./shared-limits.ts";

function create(): LimitsUnderTest {
  const directory = mkdtempSync(join(tmpdir(), "rota-limits-"));
  return {
    open: sharedLimits({
      directory,
      onNotice: (message) => {
        throw new Error(message);
      },
    }),
    noticeMs: 500,
    [Symbol.dispose]: () => rmSync(directory, { recursive: true }),
  };
}

describe("alone", () => {
  testLimitStore(create);
});

/** Each store finds one on the same lane that was there before, so that it never counts alone. */
function createBesideAnother(): LimitsUnderTest {
  const adapter = create();
  const open: OpenLimitStore = (parts) => {
    const listener = { onChange: () => {}, onFinding: () => {} };
    const configuration = configureKey({});
    const idle = adapter.open({ ...parts, configuration, random: createRandom(2), listener });
    idle.openLane("g", "m");
    return adapter.open(parts);
  };
  return { ...adapter, open };
}

describe("beside another who sends nothing", () => {
  testLimitStore(createBesideAnother, 6);
});
