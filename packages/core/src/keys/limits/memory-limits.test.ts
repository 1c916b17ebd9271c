import { testLimitStore } from "../../../testing/limit-store-conformance.ts";
import { memoryLimits } from "./memory-limits.ts";

testLimitStore(() => ({ open: memoryLimits(), noticeMs: 0, [Symbol.dispose]: () => {} }));
