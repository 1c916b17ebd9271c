/** Which subjects to give. */
export interface Selection {
  hasRow(ordinal: number): boolean;
  hasGroup(by: string, key: string): boolean;
  readonly hasRun: boolean;
}

export const EVERYTHING: Selection = { hasRow: () => true, hasGroup: () => true, hasRun: true };

/** Rows whose marks are made room for at one time. */
const ROWS_AT_ONCE = 8 * 1024;

/** Marks on subjects: a bit for each row. */
export class Marks implements Selection {
  hasRun = false;
  #rows = new Uint8Array(0);
  #groups = new Set<string>();

  get isEmpty(): boolean {
    return !this.hasRun && this.#groups.size === 0 && this.#rows.every((byte) => byte === 0);
  }

  hasRow(ordinal: number): boolean {
    return ((this.#rows[ordinal >> 3] ?? 0) & (1 << (ordinal & 7))) !== 0;
  }

  hasGroup(by: string, key: string): boolean {
    return this.#groups.has(nameGroup(by, key));
  }

  addRow(ordinal: number): void {
    const byte = ordinal >> 3;
    if (byte >= this.#rows.length) this.#growTo(byte);
    this.#rows[byte] = (this.#rows[byte] ?? 0) | (1 << (ordinal & 7));
  }

  addGroup(by: string, key: string): void {
    this.#groups.add(nameGroup(by, key));
  }

  copy(): Marks {
    const copy = new Marks();
    copy.hasRun = this.hasRun;
    copy.#rows = this.#rows.slice();
    copy.#groups = new Set(this.#groups);
    return copy;
  }

  #growTo(byte: number): void {
    const grown = new Uint8Array(Math.max(byte + 1, this.#rows.length * 2, ROWS_AT_ONCE / 8));
    grown.set(this.#rows);
    this.#rows = grown;
  }
}

export function allBut(marks: Selection): Selection {
  return {
    hasRow: (ordinal) => !marks.hasRow(ordinal),
    hasGroup: (by, key) => !marks.hasGroup(by, key),
    hasRun: !marks.hasRun,
  };
}

function nameGroup(by: string, key: string): string {
  return JSON.stringify([by, key]);
}
