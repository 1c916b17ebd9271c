import type { OnEvent } from "../vocabulary/event.ts";
import type { Journal } from "../vocabulary/journal.ts";
import type { RowSource } from "../vocabulary/row-source.ts";
import type { Pipeline } from "../pipeline/pipeline.ts";
import type { FinishedFeed } from "../results/finished-feed.ts";
import type { KnownResults } from "./known-results.ts";
import type { Places } from "./places.ts";
import type { RunControl } from "./run-control.ts";
import type { StepRunner } from "./step-runner.ts";
import type { Tally } from "./tally.ts";

/** What the passes of a run work with. */
export interface PassParts {
  readonly pipeline: Pipeline;
  readonly source: RowSource;
  readonly journal: Journal;
  readonly control: RunControl;
  readonly places: Places;
  readonly stepRunner: StepRunner;
  readonly known: KnownResults;
  readonly tally: Tally;
  readonly feed: FinishedFeed;
  readonly onEvent: OnEvent;
}
