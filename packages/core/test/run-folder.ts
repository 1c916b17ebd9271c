import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import { parse } from "csv-parse/sync";

/** A folder that a run is started in, and looked at from outside, without the engine's own code. */
export interface RunFolder extends Disposable {
  readonly path: string;
  file(name: string): string;
  write(name: string, content: string | Buffer): void;
  remove(name: string): void;
  read(name: string): string;
  /** The records of `results.csv`. */
  results(): Record<string, string>[];
  /** The records of `results.csv` and `results.jsonl` without what differs from one run to the next. */
  lastingResults(): string;
  /** Asks the journal, or rather a copy: to open one that was left open would mend it. */
  query(sql: string): Record<string, SQLOutputValue>[];
  /** Every file below the folder. */
  files(): string[];
}

/** How long a call took, how often it was sent and on which key is a matter of luck. */
const CHANCE_COLUMNS = new Set(["__latency_ms", "__attempts", "__key"]);

export function makeRunFolder(files: Readonly<Record<string, string>>): RunFolder {
  const path = mkdtempSync(join(tmpdir(), "rota-run-"));
  const file = (name: string) => join(path, name);
  const read = (name: string) => readFileSync(file(name), "utf8");
  const write = (name: string, content: string | Buffer) => writeFileSync(file(name), content);
  const results = (): Record<string, string>[] => parse(read("results.csv"), { columns: true });
  const listFiles = () =>
    readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  for (const [name, text] of Object.entries(files)) write(name, text);
  return {
    path,
    file,
    read,
    write,
    remove: (name) => rmSync(file(name)),
    results,
    files: listFiles,
    lastingResults() {
      const lines = read("results.jsonl").trimEnd().split("\n");
      const records: Record<string, unknown>[] = lines.map((line) => JSON.parse(line));
      return [...results(), ...records].map(withoutChance).join("\n");
    },
    query(sql) {
      const journal = listFiles().find(
        (name) => name.endsWith("journal.db") && !name.includes("replaced"),
      );
      if (journal === undefined) return [];
      const copy = mkdtempSync(join(tmpdir(), "rota-journal-"));
      cpSync(dirname(journal), copy, { recursive: true });
      try {
        using database = new DatabaseSync(join(copy, "journal.db"));
        return database.prepare(sql).all();
      } finally {
        rmSync(copy, { recursive: true });
      }
    },
    [Symbol.dispose]() {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

function withoutChance(record: Readonly<Record<string, unknown>>): string {
  const lasting = Object.entries(record).filter(([column]) => !CHANCE_COLUMNS.has(column));
  return JSON.stringify(lasting);
}
