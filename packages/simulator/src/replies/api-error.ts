/** An error as OpenAI's API reports it. */
export interface ApiErrorFields {
  readonly status: number;
  readonly message: string;
  readonly type: string;
  readonly code: string | null;
  readonly param?: string | null;
  /** Flat name–value pairs. */
  readonly headers?: readonly string[];
}

/** Thrown where a request turns out to be one that must be refused. */
export class ApiError extends Error implements ApiErrorFields {
  readonly status: number;
  readonly type: string;
  readonly code: string | null;
  readonly param: string | null;
  readonly headers: readonly string[];

  constructor(fields: ApiErrorFields) {
    super(fields.message);
    this.name = "ApiError";
    this.status = fields.status;
    this.type = fields.type;
    this.code = fields.code;
    this.param = fields.param ?? null;
    this.headers = fields.headers ?? [];
  }

  /** The body of the answer. */
  toJSON(): { error: Pick<ApiErrorFields, "message" | "type" | "param" | "code"> } {
    const { message, type, param, code } = this;
    return { error: { message, type, param, code } };
  }
}

/** The request itself is wrong. */
export function invalidRequest(
  message: string,
  fields: { status?: number; code?: string; param?: string } = {},
): ApiError {
  const { status = 400, code = null, param = null } = fields;
  return new ApiError({ status, message, type: "invalid_request_error", code, param });
}
