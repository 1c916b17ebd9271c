import { type ApiError, invalidRequest } from "./api-error.ts";

/** 401; the message echoes the ends of the secret, as OpenAI's does. */
export function invalidKey(secret: string): ApiError {
  const hint = "You can find your API key at https://platform.openai.com/account/api-keys.";
  const message = `Incorrect API key provided: ${maskSecret(secret)}. ${hint}`;
  return invalidRequest(message, { status: 401, code: "invalid_api_key" });
}

/** 401 for a request without any key. */
export function missingKey(): ApiError {
  const message =
    "You didn't provide an API key. You need to provide it in an Authorization header using Bearer auth.";
  return invalidRequest(message, { status: 401 });
}

/** 404 for a model that the server does not have. */
export function modelNotFound(model: string): ApiError {
  const message = `The model '${model}' does not exist or you do not have access to it.`;
  return invalidRequest(message, { status: 404, code: "model_not_found", param: "model" });
}

/** 403 for a model that this key may not use. */
export function modelNotAllowed(model: string): ApiError {
  const message = `This project does not have access to model '${model}'.`;
  return invalidRequest(message, { status: 403, code: "model_not_found" });
}

function maskSecret(secret: string): string {
  if (secret.length <= 12) return `${secret.slice(0, 3)}${"*".repeat(5)}`;
  return `${secret.slice(0, 8)}${"*".repeat(secret.length - 12)}${secret.slice(-4)}`;
}
