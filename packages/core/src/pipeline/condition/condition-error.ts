/** A condition cannot be evaluated for this row: a value is missing, or of a type it cannot compare. */
export class ConditionError extends Error {
  override get name(): string {
    return "ConditionError";
  }
}
