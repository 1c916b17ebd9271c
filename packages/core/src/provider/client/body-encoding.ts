import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";

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
 * @throws when the encoding is unknown, the bytes are broken, or they unpack to more than the cap.
 */
export async function decodeBody(bytes: Buffer, contentEncoding: string): Promise<string> {
  if (contentEncoding === "identity") return utf8.decode(bytes);
  const decompress = DECOMPRESS.get(contentEncoding.toLowerCase());
  if (!decompress) throw new Error(`the reply has the unknown content-encoding ${contentEncoding}`);
  return utf8.decode(await decompress(bytes, { maxOutputLength: MAX_BODY_BYTES }));
}
