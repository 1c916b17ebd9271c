import type { DatabaseSync } from "node:sqlite";
import { RunChangedError } from "../vocabulary/error.ts";
import type { Fingerprints } from "../vocabulary/journal.ts";

/** What a journal says about the run it belongs to. */
export interface RunHeader {
  readonly id: string;
  /** When the run's first process began. Milliseconds since the Unix epoch. */
  readonly startedAt: number;
}

export function readRunHeader(database: DatabaseSync): RunHeader {
  const row = database.prepare("SELECT id, started_at FROM run").get();
  return { id: String(row?.["id"]), startedAt: Number(row?.["started_at"]) };
}

export function writeRunHeader(
  database: DatabaseSync,
  header: RunHeader,
  fingerprints: Fingerprints,
): void {
  database.exec("BEGIN IMMEDIATE");
  database
    .prepare("INSERT INTO run (id, started_at) VALUES (?, ?)")
    .run(header.id, header.startedAt);
  const insert = database.prepare("INSERT INTO fingerprint (name, hash) VALUES (?, ?)");
  for (const [name, hash] of Object.entries(fingerprints)) insert.run(name, hash);
  database.exec("COMMIT");
}

/** @throws RunChangedError when the run on disk began with other fingerprints, naming each difference. */
export function checkFingerprints(database: DatabaseSync, now: Fingerprints, runId: string): void {
  const rows = database.prepare("SELECT name, hash FROM fingerprint").all();
  const before = new Map(rows.map(({ name, hash }) => [String(name), String(hash)]));
  const differences = describeDifferences(before, new Map(Object.entries(now)));
  if (differences.length === 0) return;
  throw new RunChangedError(
    `The run ${runId} cannot be continued: ${differences.join(", ")} since it began.`,
  );
}

function describeDifferences(
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): string[] {
  const changed = [...before].flatMap(([name, hash]) => {
    const hashNow = now.get(name);
    if (hashNow === undefined) return [`${name} was removed`];
    return hashNow === hash ? [] : [`${name} changed`];
  });
  const added = [...now.keys()].filter((name) => !before.has(name));
  return [...changed, ...added.map((name) => `${name} was added`)];
}
