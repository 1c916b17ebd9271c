import type { DatabaseSync } from "node:sqlite";

/** Steps by small numbers, so that a call's name costs a byte in the tree. */
export class StepNumbers {
  readonly #database: DatabaseSync;
  readonly #numbers = new Map<string, number>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    for (const { name, number } of database.prepare("SELECT name, number FROM step").all()) {
      this.#numbers.set(String(name), Number(number));
    }
  }

  /** The step's number; a new step gets the next one. To be called within a transaction. */
  numberOf(name: string): number {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#database.prepare("INSERT INTO step (number, name) VALUES (?, ?)").run(number, name);
      this.#numbers.set(name, number);
    }
    return number;
  }
}
