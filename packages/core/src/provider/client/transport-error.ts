/**
 * Why no whole reply came: `aborted` by the caller or the deadline, `too-large` when the reply passed
 * its cap, `untrusted` when the server could not prove who it is, `unreadable` when a whole reply came
 * in a form that is not known here, and would come so again; `broken` for everything else.
 */
export type TransportFault = "aborted" | "broken" | "too-large" | "unreadable" | "untrusted";

/** No whole reply came. */
export class TransportError extends Error {
  readonly fault: TransportFault;
  /** True when the request, or a part of it, may have reached the server. */
  readonly sent: boolean;

  constructor(
    message: string,
    { fault, sent, cause }: { fault: TransportFault; sent: boolean; cause: unknown },
  ) {
    super(message, { cause });
    this.fault = fault;
    this.sent = sent;
  }
}

/** What undici says of a status 100, which it does not read past. While a request runs, it says so of nothing else. */
const UNASKED_CONTINUE = "bad response";

/** Names what undici, TLS or zlib failed with. */
export function toTransportError(cause: Error, sent: boolean): TransportError {
  if (cause instanceof TransportError) return cause;
  if (cause.message === UNASKED_CONTINUE) {
    const message = "it begins with a status 100 that was not asked for";
    return new TransportError(message, { fault: "unreadable", sent, cause });
  }
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
  // A refused connection to a host with several addresses has a code and an empty message.
  return new TransportError(cause.message || code, { fault: findFault(code), sent, cause });
}

const TOO_LARGE = new Set(["UND_ERR_RES_EXCEEDED_MAX_SIZE", "ERR_BUFFER_TOO_LARGE"]);

/** OpenSSL's names for a certificate that cannot be verified, as Node hands them on. */
const CERTIFICATE = /^(CERT_|ERR_TLS_CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY))/;

function findFault(code: string): TransportFault {
  if (TOO_LARGE.has(code)) return "too-large";
  return CERTIFICATE.test(code) ? "untrusted" : "broken";
}
