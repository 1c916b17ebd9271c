/** Every error that the engine throws on purpose has one of these codes. */
export type RotaErrorCode =
  | "charge-too-large"
  | "invalid-input"
  | "invariant-broken"
  | "no-usable-key"
  | "out-of-service"
  | "run-changed"
  | "run-locked"
  | "storage-failed"
  | "waited-too-long";

/** Whose fault it is: the user's, a provider's, the disk's, or our own. Each has its own exit code. */
export type RotaErrorKind = "user" | "provider" | "storage" | "bug";

/** The base of all errors thrown on purpose. The message says what happened, where, and what to do. */
export abstract class RotaError extends Error {
  abstract readonly code: RotaErrorCode;
  abstract readonly kind: RotaErrorKind;

  override get name(): string {
    return this.constructor.name;
  }
}

/** The disk did not take or give what it should: no space, an I/O error, a read-only folder. */
export class StorageError extends RotaError {
  readonly code = "storage-failed";
  readonly kind = "storage";
  /** What happened, in whole sentences, where beginning anew is all that helps; see `RunChangedError`. */
  readonly facts: string | undefined;

  constructor(
    message: string,
    { facts, ...options }: ErrorOptions & { readonly facts?: string | undefined } = {},
  ) {
    super(message, options);
    this.facts = facts;
  }
}

/** A promise of the code to itself was broken: a bug. */
export class InvariantError extends RotaError {
  readonly code = "invariant-broken";
  readonly kind = "bug";
}

/** No key is left that could ever serve the call. The run stops and can be resumed. */
export class NoUsableKeyError extends RotaError {
  readonly code = "no-usable-key";
  readonly kind = "provider";
}

/** No endpoint has served anybody for longer than the run waits. It stops and can be resumed. */
export class OutOfServiceError extends RotaError {
  readonly code = "out-of-service";
  readonly kind = "provider";
}

/** Limits keep the call waiting for longer than the run waits. It stops and can be resumed. */
export class WaitedTooLongError extends RotaError {
  readonly code = "waited-too-long";
  readonly kind = "provider";
}

/** The call's charge is larger than any eligible limit group could ever hold: it would wait forever. */
export class ChargeTooLargeError extends RotaError {
  readonly code = "charge-too-large";
  readonly kind = "user";
}

/** The run on disk was started with another pipeline or input, or its rows or its journal are no longer there. */
export class RunChangedError extends RotaError {
  readonly code = "run-changed";
  readonly kind = "user";
  /** What is not as it was, in whole sentences, for those who say in words of their own what to do. */
  readonly facts: string;

  constructor(
    facts: string,
    { remedy = UNDO_OR_BEGIN_ANEW, ...options }: ErrorOptions & { readonly remedy?: string } = {},
  ) {
    super(`${facts} ${remedy}`, options);
    this.facts = facts;
  }
}

const UNDO_OR_BEGIN_ANEW =
  "Undo the change to continue the run, or begin anew with the option `fresh`, which sets it aside.";

/** Another process has the run open. */
export class RunLockedError extends RotaError {
  readonly code = "run-locked";
  readonly kind = "user";
}
