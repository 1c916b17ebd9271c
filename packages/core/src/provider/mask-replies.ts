import type { Failure, Provider, SendOutcome } from "../vocabulary/provider.ts";
import type { Redact } from "../vocabulary/redaction.ts";

/**
 * Masks the secrets that replies hold, whoever sends: a model may repeat what a server or a gateway
 * put into its prompt. It stands before everything that stores, checks or cuts a reply.
 * @param onMasked told of each reply that held one, with the key it came on
 */
export function maskReplies(
  provider: Provider,
  mask: Redact,
  onMasked: (keyName: string) => void,
): Provider {
  return {
    async send(request, key, options) {
      const outcome = await provider.send(request, key, options);
      const masked = maskOutcome(outcome, mask);
      if (masked !== outcome) onMasked(key.name);
      return masked;
    },
    close: () => provider.close(),
  };
}

/** @returns the outcome itself when there is nothing to mask. */
function maskOutcome(outcome: SendOutcome, mask: Redact): SendOutcome {
  if (outcome.kind === "failed") {
    const failure = maskPaid(outcome.failure, mask);
    return failure === outcome.failure ? outcome : { ...outcome, failure };
  }
  const { reply } = outcome;
  const text = mask(reply.text);
  const finishReason = mask(reply.finishReason);
  if (text === reply.text && finishReason === reply.finishReason) return outcome;
  return { ...outcome, reply: { ...reply, text, finishReason } };
}

/** The words of a failure were redacted when they were made. */
function maskPaid(failure: Failure, mask: Redact): Failure {
  if (!failure.paid) return failure;
  const text = mask(failure.paid.text);
  return text === failure.paid.text ? failure : { ...failure, paid: { ...failure.paid, text } };
}
