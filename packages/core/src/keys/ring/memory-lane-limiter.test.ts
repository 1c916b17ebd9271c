import { testLaneLimiter } from "./lane-limiter-conformance.ts";
import { MemoryLaneLimiter } from "./memory-lane-limiter.ts";

testLaneLimiter((limits, now) => new MemoryLaneLimiter(limits, now));
