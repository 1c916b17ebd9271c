import type { IncomingMessage } from "node:http";
import { invalidRequest } from "../replies/api-error.ts";

const MAX_BYTES = 32 * 1024 * 1024;

/**
 * The whole body. Never settles when the client disconnects, as nobody is left to answer.
 * @throws ApiError 413 when it is too long.
 */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) {
        request.removeAllListeners("data").resume();
        reject(invalidRequest("The request body is too large.", { status: 413 }));
        return;
      }
      chunks.push(chunk);
    });
    request.on("end", () => {
      const [only] = chunks;
      resolve(only && chunks.length === 1 ? only : Buffer.concat(chunks));
    });
  });
}
