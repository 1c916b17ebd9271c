import type { JsonValue } from "../../../vocabulary/json.ts";
import { shortenName } from "./quote.ts";

/** Says whether a value is as one schema, or one keyword of it, asks. */
export type Check = (value: JsonValue, evaluation: Evaluation) => boolean;

/** The value cannot be checked within the bounds. The message says by which: `takes more than …`. */
export class UncheckableError extends Error {}

/** What came of trying a check: nothing of it counts yet. */
export interface Attempt {
  readonly passes: boolean;
  readonly complaints: readonly Complaint[];
  readonly seen: Set<Place> | undefined;
}

interface Complaint {
  readonly path: readonly Place[];
  readonly text: string;
}

/** A member's name, or an item's index. */
type Place = string | number;

/**
 * A step is a keyword that looks at a value, or what takes as long: some 40 ns. So many of them are
 * enough for the largest replies that are checked at all.
 */
const MAX_STEPS = 500_000;
/** What it takes to note a complaint, or to try a schema without effect. */
const NOTE_STEPS = 10;
const ATTEMPT_STEPS = 5;
/** Schemas inside schemas, through references too. A value is nested 64 levels at most. */
const MAX_DEPTH = 500;
/** More is read by nobody. */
const MAX_COMPLAINTS = 8;

/**
 * One check of one value: counts its work, knows the place that is looked at, and takes complaints.
 *
 * What a check costs is decided by the schema and the reply together. References under `anyOf` can
 * double it with every level, so it is counted, and ends at a bound that is the same on every machine.
 */
export class Evaluation {
  readonly #path: Place[] = [];
  #steps = 0;
  #depth = 0;
  #complaints: Complaint[] = [];
  /** Members and items of the current value that some keyword has looked at. */
  #seen: Set<Place> | undefined;

  /** @param tracksSeen whether the schema asks for what was not looked at: `unevaluated…` */
  constructor(tracksSeen: boolean) {
    this.#seen = tracksSeen ? new Set() : undefined;
  }

  get complaints(): readonly string[] {
    return this.#complaints.map(({ path, text }) => {
      const place = path.map((name) => shortenName(String(name))).join(".");
      return place === "" ? text : `${place} ${text}`;
    });
  }

  /** @throws UncheckableError */
  spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > MAX_STEPS) {
      throw new UncheckableError(
        `takes more than ${MAX_STEPS.toLocaleString("en")} steps to be checked`,
      );
    }
  }

  /** @returns false, for a check that returns what it found */
  complain(text: string): false {
    if (this.#complaints.length >= MAX_COMPLAINTS) return false;
    this.spend(NOTE_STEPS);
    this.#complaints.push({ path: [...this.#path], text });
    return false;
  }

  /** All of these, so that every complaint is heard. */
  all(checks: readonly Check[], value: JsonValue): boolean {
    this.descend();
    let passes = true;
    for (const check of checks) {
      this.spend(1);
      if (!check(value, this)) passes = false;
    }
    this.ascend();
    return passes;
  }

  /** Bounds what calls itself for what stands inside a value. @throws UncheckableError */
  descend(): void {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new UncheckableError("is nested too deeply to be checked");
  }

  ascend(): void {
    this.#depth -= 1;
  }

  /** Checks a member or an item, which is now one that was looked at. */
  inside(place: Place, check: Check, value: JsonValue): boolean {
    const seen = this.#seen;
    if (seen) this.#seen = new Set();
    this.#path.push(place);
    const passes = check(value, this);
    this.#path.pop();
    this.#seen = seen?.add(place);
    return passes;
  }

  /** Checks without effect; whoever tries decides what of it counts. */
  attempt(check: Check, value: JsonValue): Attempt {
    this.spend(ATTEMPT_STEPS);
    const before = { complaints: this.#complaints, seen: this.#seen };
    this.#complaints = [];
    this.#seen = before.seen && new Set();
    const passes = check(value, this);
    const attempt = { passes, complaints: this.#complaints, seen: this.#seen };
    this.#complaints = before.complaints;
    this.#seen = before.seen;
    return attempt;
  }

  /** Takes over what a passing attempt looked at. */
  adopt({ seen }: Attempt): void {
    if (!seen) return;
    this.spend(seen.size);
    for (const place of seen) this.#seen?.add(place);
  }

  /** Takes over the complaints of a failed attempt. */
  blame({ complaints }: Attempt): void {
    this.spend(NOTE_STEPS);
    const free = MAX_COMPLAINTS - this.#complaints.length;
    this.#complaints.push(...complaints.slice(0, free));
  }

  markSeen(place: Place): void {
    this.#seen?.add(place);
  }

  wasSeen(place: Place): boolean {
    return this.#seen?.has(place) ?? false;
  }
}
