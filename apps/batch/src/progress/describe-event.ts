import { printableLine, type RunEvent } from "@rota/core";
import { formatCount, formatCounted } from "../text/format-quantity.ts";

/** An event that people should hear of when it happens, as a sentence; undefined for all others.
 * An interruption is answered by who received the signal. */
export function describeEvent(event: RunEvent): string | undefined {
  switch (event.kind) {
    case "run-started":
      return describeStart(event);
    case "key-rejected":
      return `key ${printableLine(event.key)} is out: ${printableLine(event.message)}`;
    case "notice":
      return `note: ${printableLine(event.message)}`;
    case "secret-masked":
      // The others are counted in the summary.
      return event.replies === 1 ? describeMasked(event.key) : undefined;
    case "run-stopping":
      return event.reason === "interrupted"
        ? undefined
        : `stopping: ${printableLine(event.message)}`;
    case "outputs-written":
      return `written: ${event.files.map(printableLine).join(", ")}`;
    case "call-sent":
    case "call-refused":
    case "call-ended":
    case "cost-unknown":
    case "row-ended":
    case "group-ended":
      break;
  }
  return undefined;
}

function describeMasked(key: string): string {
  return `a reply on key ${printableLine(key)} held the secret of a key: it stands as [redacted] in the outputs; find out who put it into a prompt, and replace the key`;
}

function describeStart(event: Extract<RunEvent, { kind: "run-started" }>): string {
  const { rows, rowsDone, callsOpen, simulated } = event;
  return [
    `${rowsDone > 0 ? "continuing" : "started"}: ${formatCounted(rows, "row")}`,
    ...(rowsDone > 0 ? [`${formatCount(rowsDone)} of them done earlier`] : []),
    ...(callsOpen > 0 ? [`${formatCounted(callsOpen, "call")} left open by a killed process`] : []),
    ...(simulated ? ["simulated"] : []),
  ].join(", ");
}
