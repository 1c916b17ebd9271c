import type { CallErrorCode, FailureClass } from "./provider.ts";
import type { CallStatus } from "./journal.ts";
import type { TokenUsage } from "./usage.ts";

/** What a run tells those who watch it, in the order in which it happens. */
export type RunEvent =
  | {
      readonly kind: "run-started";
      readonly runId: string;
      readonly rows: number;
      /** Rows that an earlier process finished. */
      readonly rowsDone: number;
      /** Calls that an earlier process left open: sent again, or set aside. */
      readonly callsOpen: number;
      readonly simulated: boolean;
    }
  | { readonly kind: "call-sent"; readonly step: string; readonly key: string }
  | {
      readonly kind: "call-refused";
      readonly step: string;
      readonly key: string;
      readonly class: FailureClass;
      readonly message: string;
    }
  | {
      readonly kind: "call-ended";
      readonly step: string;
      readonly status: CallStatus;
      readonly usage: TokenUsage | undefined;
      readonly costUsd: number | undefined;
    }
  | {
      /** A call was sent, and nothing says what it cost: cut off, not answered, or without usage. */
      readonly kind: "cost-unknown";
      readonly step: string;
      /** The most that it may have cost. */
      readonly maxCostUsd: number;
    }
  | {
      readonly kind: "row-ended";
      readonly ordinal: number;
      readonly line: number;
      readonly status: CallStatus;
      readonly error:
        | { readonly step: string; readonly code: CallErrorCode; readonly message: string }
        | undefined;
    }
  | {
      readonly kind: "group-ended";
      /** What makes the groups, as the pipeline has it. */
      readonly by: string;
      readonly key: string;
      readonly status: CallStatus;
      readonly error:
        | { readonly step: string; readonly code: CallErrorCode; readonly message: string }
        | undefined;
    }
  | { readonly kind: "key-rejected"; readonly key: string; readonly message: string }
  /** Something that people should know, and that changes none of the results. */
  | { readonly kind: "notice"; readonly message: string }
  | {
      /** A reply held a secret of one of the keys; it is masked wherever the reply goes. */
      readonly kind: "secret-masked";
      /** The key it came on. */
      readonly key: string;
      /** Such replies so far, this one included. */
      readonly replies: number;
    }
  | { readonly kind: "run-stopping"; readonly reason: StopReason; readonly message: string }
  | { readonly kind: "outputs-written"; readonly files: readonly string[] };

/** Why a run ended before its rows did. */
export type StopReason =
  | "interrupted"
  | "budget"
  | "no-usable-key"
  | "environment"
  | "outage"
  | "limits"
  | "refused-alike";

export type OnEvent = (event: RunEvent) => void;
