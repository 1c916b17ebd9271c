import { readMember, readText } from "../reply/read-member.ts";

/** An error object of the API, as it stands in a body. */
export interface ServerError {
  /** `code`, else `type`, where that is a word; empty when there is neither. */
  readonly code: string;
  readonly message: string;
  /** Some servers put the status here; undefined where there is none. */
  readonly status: number | undefined;
}

/** Reads the member `error` of a body, or what stands in its place. Nothing about its shape is taken for granted. */
export function readServerError(error: unknown): ServerError {
  const status = readStatus(readMember(error, "code")) ?? readStatus(readMember(error, "status"));
  const code = readText(error, "code");
  return {
    code: /^\d*$/.test(code) ? readText(error, "type") : code,
    message: typeof error === "string" ? error : readText(error, "message"),
    status,
  };
}

function readStatus(value: unknown): number | undefined {
  const status = typeof value === "string" && /^\d{3}$/.test(value) ? Number(value) : value;
  return Number.isInteger(status) && Number(status) >= 400 && Number(status) <= 599
    ? Number(status)
    : undefined;
}
