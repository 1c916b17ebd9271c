import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Chance } from "./chance.ts";
import type { RowsEdit, TrialRow } from "./trial.ts";

/** In memory where there is such a place: a real file system, and no disk to wait for. */
const ROOM = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** The files of one run: what a process reads and writes, and what is left when it dies. */
export class World {
  readonly #folder = mkdtempSync(join(ROOM, "rota-simulation-"));
  readonly #now = join(this.#folder, "now");
  /** As the power went: the files of the moment of death. */
  readonly #then = join(this.#folder, "then");
  readonly #rows: readonly TrialRow[];

  constructor(rows: readonly TrialRow[]) {
    this.#rows = rows;
    mkdirSync(join(this.#now, "out"), { recursive: true });
    this.writeRows(rows);
  }

  get rowsFile(): string {
    return join(this.#now, "rows.csv");
  }

  get stateDirectory(): string {
    return join(this.#now, "state");
  }

  get outputs(): readonly [csv: string, jsonl: string] {
    return [join(this.#now, "out", "results.csv"), join(this.#now, "out", "results.jsonl")];
  }

  get outputFolder(): string {
    return join(this.#now, "out");
  }

  /** The folder of the run; undefined before the first process has made it. */
  get runDirectory(): string | undefined {
    const runs = join(this.stateDirectory, "runs");
    const [name] = existsSync(runs) ? readdirSync(runs) : [];
    return name === undefined ? undefined : join(runs, name);
  }

  writeRows(rows: readonly TrialRow[]): void {
    const lines = rows.map(({ text, team, flag, note }) =>
      [text, team, flag, note].map((cell) => `"${cell.replaceAll('"', '""')}"`).join(","),
    );
    writeFileSync(this.rowsFile, `text,team,flag,note\n${lines.join("\n")}\n`);
  }

  /** Changes the rows in place, as an editor does that is used too early. */
  edit({ kind, keepsTime }: RowsEdit, chance: Chance): void {
    const { atime, mtime } = statSync(this.rowsFile);
    const [first, ...others] = this.#rows;
    if (!first) return;
    const changed = {
      sorted: chance.shuffle(this.#rows),
      "row-changed": [{ ...first, text: `${first.text}!` }, ...others],
      "row-dropped": others,
      "row-doubled": [first, first, ...others],
    };
    this.writeRows(changed[kind]);
    if (keepsTime) utimesSync(this.rowsFile, atime, mtime);
  }

  readRows(): string {
    return readFileSync(this.rowsFile, "utf8");
  }

  restoreRows(): void {
    this.writeRows(this.#rows);
  }

  /** Puts a folder that is not empty where an output belongs. */
  blockOutput(): void {
    const [csv] = this.outputs;
    rmSync(csv, { force: true });
    mkdirSync(join(csv, "in the way"), { recursive: true });
  }

  unblockOutput(): void {
    const [csv] = this.outputs;
    if (existsSync(csv) && statSync(csv).isDirectory()) rmSync(csv, { recursive: true });
  }

  readOutputs(): (string | undefined)[] {
    return this.outputs.map((file) =>
      existsSync(file) && statSync(file).isFile() ? readFileSync(file, "utf8") : undefined,
    );
  }

  /** Keeps what is on the disk at this very moment. */
  keep(): void {
    cpSync(this.#now, this.#then, { recursive: true });
  }

  /**
   * The power goes while what the process wrote since `keep` is on its way to the disk: of the log,
   * all that was synced by then is there, and of what follows any part, or rubbish. What was synced
   * is the whole log of that moment, for each commit ends in a sync before anything else happens.
   * @returns true when something was on its way
   */
  tearLog(chance: Chance): boolean {
    const runDirectory = this.runDirectory;
    if (runDirectory === undefined) return false;
    const log = join(runDirectory, "journal.db-wal");
    const kept = log.replace(this.#now, this.#then);
    rmSync(kept.replace(/wal$/, "shm"), { force: true });
    if (!existsSync(log) || !existsSync(kept)) return false;
    const written = readFileSync(log);
    const synced = readFileSync(kept);
    const isLonger = written.length > synced.length;
    // A log that was begun anew meanwhile is another one: then the moment before is what is left.
    if (!isLonger || !written.subarray(0, synced.length).equals(synced)) return false;
    const tail = written.subarray(synced.length);
    const torn = Buffer.from(tail.subarray(0, chance.integer(0, tail.length)));
    if (chance.happens(0.5)) garble(torn, chance);
    writeFileSync(kept, Buffer.concat([synced, torn]));
    return true;
  }

  /** What was kept is what there is. */
  goBack(): void {
    rmSync(this.#now, { recursive: true });
    renameSync(this.#then, this.#now);
  }

  /** Half-written files that a dead process left beside the outputs. */
  listLeftovers(): string[] {
    return readdirSync(this.outputFolder).filter((name) => name.endsWith(".tmp"));
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

/** Pages that never reached the disk, or other bytes in their place. */
function garble(bytes: Buffer, chance: Chance): void {
  const sector = 512;
  for (let from = 0; from < bytes.length; from += sector) {
    if (!chance.happens(0.3)) continue;
    const to = Math.min(bytes.length, from + sector);
    bytes.fill(chance.pick(0, chance.integer(0, 255)), from, to);
  }
}
