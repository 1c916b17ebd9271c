/**
 * What our own tests use, for those who write a provider, a journal, a row source or a limit store of
 * their own, or test a program that starts runs. The conformance suites need vitest and fast-check.
 */
export { VirtualClock } from "../src/clock/virtual-clock.ts";
export { createRandom } from "../src/vocabulary/random.ts";
export { ModelledProvider, failure, reply, type Behaviour } from "./modelled-provider.ts";
export {
  startModelledRun,
  type ModelledRun,
  type ModelledRunOptions,
} from "./start-modelled-run.ts";
export { MemoryJournal } from "./memory-journal.ts";
export { testJournal } from "./journal-conformance.ts";
export { testLimitStore, type LimitsUnderTest } from "./limit-store-conformance.ts";
export { testProvider } from "./provider-conformance.ts";
export {
  testRowFile,
  testRowSource,
  type RowFileAdapter,
  type RowSourceAdapter,
} from "./row-source-conformance.ts";
