/**
 * Why no whole reply came: `aborted` by the caller or the deadline, `too-large` when the reply passed
 * its cap, `untrusted` when the server could not prove who it is, `broken` for everything else.
 */
export type TransportFault = "aborted" | "broken" | "too-large" | "untrusted";

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

/** Names what undici, TLS or zlib failed with. */
export function toTransportError(cause: Error, sent: boolean): TransportError {
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
