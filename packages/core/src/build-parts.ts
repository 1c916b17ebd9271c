import { readWallTime } from "./clock/system-clock.ts";
import { Budget } from "./execute/call/budget.ts";
import { CallCosts } from "./execute/call/call-costs.ts";
import type { CallMaker } from "./execute/call/call-maker.ts";
import { CallSender } from "./execute/call/call-sender.ts";
import { RunControl } from "./execute/run-control.ts";
import { startTally, type Tally } from "./execute/tally.ts";
import type { OpenLimitStore } from "./keys/limits/limit-store.ts";
import { memoryLimits } from "./keys/limits/memory-limits.ts";
import { createKeyRing } from "./keys/ring/create-key-ring.ts";
import { sharedLimits } from "./keys/shared/shared-limits.ts";
import type { OpenRun } from "./open-run.ts";
import { holdToPort } from "./provider/hold-to-port.ts";
import { maskReplies } from "./provider/mask-replies.ts";
import { createOpenAiProvider } from "./provider/openai-provider.ts";
import type { RunSettings } from "./run-options.ts";
import type { OnEvent } from "./vocabulary/event.ts";
import type { JournalTotals } from "./vocabulary/journal.ts";
import type { KeyRing } from "./vocabulary/key-ring.ts";
import type { Provider } from "./vocabulary/provider.ts";
import { createRedaction, createSecretMask } from "./vocabulary/redaction.ts";

/** What the calls of a run are made with. */
export interface BuiltParts {
  readonly control: RunControl;
  readonly tally: Tally;
  readonly keyRing: KeyRing;
  readonly callMaker: CallMaker;
  close(): Promise<void>;
}

/**
 * The composition root: builds the parts and hands them to each other.
 * @param before what the journal held when the run was opened
 */
export function buildParts(run: OpenRun, before: JournalTotals, onEvent: OnEvent): BuiltParts {
  const { settings, opened, prepared } = run;
  const { keys, provider: handedIn } = run.options;
  const { clock, random, budgetUsd } = settings;
  const { pipeline } = prepared;
  const tally = startTally();
  const control = new RunControl(clock, onEvent);
  const limits = chooseLimits(settings, (message) => onEvent({ kind: "notice", message }));
  const keyRing = createKeyRing(keys, { clock, random, limits, patience: settings });
  const provider = buildProvider(run, tally, onEvent);
  const callMaker = new CallSender(
    {
      journal: opened.journal,
      control,
      tally,
      clock,
      random,
      onEvent,
      keyRing,
      provider,
      costs: new CallCosts(),
      budget: new Budget(budgetUsd, {
        spentUsd: before.costUsd,
        possibleUsd: before.unknownCostUsd,
      }),
    },
    {
      keys: pipeline.keys,
      maxFaults: pipeline.limits.maxFaults,
      callTimeoutMs: pipeline.limits.callTimeoutMs,
      wasServed: before.rows.done > 0,
    },
  );
  const close = async () => {
    keyRing.close();
    // One that was handed in may serve other runs.
    if (!handedIn) await provider.close();
  };
  return { control, tally, keyRing, callMaker, close };
}

/** No reply brings a key into the journal or an output, whoever sends the requests. */
function buildProvider({ options, settings }: OpenRun, tally: Tally, onEvent: OnEvent): Provider {
  const secrets = options.keys.keys.map(({ secret }) => secret);
  const redact = createRedaction(secrets);
  const { clock } = settings;
  const sender = options.provider
    ? holdToPort(options.provider, clock)
    : createOpenAiProvider({ clock, redact });
  return maskReplies(sender, createSecretMask(secrets), (key) => {
    tally.masked += 1;
    onEvent({ kind: "secret-masked", key, replies: tally.masked });
  });
}

/** Wall time is what processes have in common; the run's own clock does not jump. */
function chooseLimits(
  { limitsDirectory: directory }: RunSettings,
  onNotice: (message: string) => void,
): OpenLimitStore {
  return directory === false ? memoryLimits() : sharedLimits({ directory, readWallTime, onNotice });
}
