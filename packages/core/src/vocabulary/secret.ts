import { inspect } from "node:util";

/** Visible ASCII: all that a bearer token may be made of, and more. Anything else could begin another header. */
const SENDABLE = /^[\x21-\x7e]+$/;

/** Whether a text can stand in a header as a bearer token. */
export function isSendableSecret(text: string): boolean {
  return SENDABLE.test(text);
}

/** A secret that shows itself to nobody by accident: not printed, logged, inspected or serialised. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The secret itself. To be called only where it goes into a request. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }

  [inspect.custom](): string {
    return "[secret]";
  }
}
