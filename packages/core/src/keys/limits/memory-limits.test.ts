import { testLimitStore } from "../../../testing/limit-store-conformance.ts";
import { memoryLimits } from "./memory-limits.ts";

testLimitStore({
  open: () => ({ open: memoryLimits(), lookMs: 0, [Symbol.dispose]: () => {} }),
});
