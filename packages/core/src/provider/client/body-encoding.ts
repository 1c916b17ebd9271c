import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import { TransportError } from "./transport-error.ts";

/** 8 MiB. A reply is a few kilobytes, but compressed ones could unpack to gigabytes. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024;

type Decompress = (bytes: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>;

/** Uncompressed bodies are asked for, but a proxy may compress them all the same. */
const DECOMPRESS: ReadonlyMap<string, Decompress> = new Map([
  ["gzip", promisify(gunzip)],
  ["x-gzip", promisify(gunzip)],
  ["deflate", promisify(inflate)],
  ["br", promisify(brotliDecompress)],
]);

/** Drops a byte order mark, as a real `Response` does. */
const utf8 = new TextDecoder();

/**
 * The text of a body that came with this `content-encoding`.
 * @throws TransportError when the encoding is unknown; an error of zlib when the bytes are broken, or
 * unpack to more than the cap
 */
export async function decodeBody(bytes: Buffer, contentEncoding: string): Promise<string> {
  const encoding = contentEncoding.trim().toLowerCase();
  if (encoding === "identity" || encoding === "") return utf8.decode(bytes);
  const decompress = DECOMPRESS.get(encoding);
  if (!decompress) {
    const message = `it has the unknown content-encoding ${contentEncoding}`;
    throw new TransportError(message, { fault: "unreadable", sent: true, cause: undefined });
  }
  return utf8.decode(await decompress(bytes, { maxOutputLength: MAX_BODY_BYTES }));
}
