/** A template cannot be read, or not be filled in. Whoever knows its file makes a problem of it. */
export class TemplateError extends Error {
  /** Where in the template's source, in UTF-16 units from 0. */
  readonly offset: number;
  /** The missing variable as it is written there; undefined for any other error. */
  readonly variable: string | undefined;

  constructor(
    message: string,
    options: { offset: number; variable?: string | undefined; cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.name = "TemplateError";
    this.offset = options.offset;
    this.variable = options.variable;
  }

  static missingVariable(variable: string, offset: number, cause?: unknown): TemplateError {
    return new TemplateError(`variable "${variable}" has no value`, { variable, offset, cause });
  }
}
