import { isUtf8 } from "node:buffer";
import type { FileHandle } from "node:fs/promises";
import { BrokenFileError } from "./mistake.ts";
import type { TextChunk } from "./record-reader.ts";

/** Bytes. Larger chunks are no faster, and as many rows wait in memory as one holds. */
const CHUNK_SIZE = 64 * 1024;

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Files that are often taken for CSV, by their first bytes. */
const FOREIGN_FORMATS = [
  {
    signature: Buffer.from([0xff, 0xfe]),
    name: "UTF-16 text",
    remedy: "Convert it: iconv -f UTF-16 -t UTF-8",
  },
  {
    signature: Buffer.from([0xfe, 0xff]),
    name: "UTF-16 text",
    remedy: "Convert it: iconv -f UTF-16 -t UTF-8",
  },
  {
    signature: Buffer.from("PK\x03\x04"),
    name: "a workbook or another zip file",
    remedy: 'Export the sheet as "CSV UTF-8"',
  },
];

/**
 * Reads a file in whole characters, without its byte order mark.
 * @param onBytes sees every byte of the file in order
 * @throws BrokenFileError for bytes that are not UTF-8, and for NUL
 */
export async function* readUtf8(
  handle: FileHandle,
  onBytes: (bytes: Buffer) => void,
): AsyncGenerator<TextChunk> {
  let offset = 0;
  let cut: Buffer = Buffer.alloc(0);
  for (;;) {
    const position = offset + cut.length;
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(CHUNK_SIZE), { position });
    if (bytesRead === 0) break;
    const read = buffer.subarray(0, bytesRead);
    onBytes(read);
    if (offset === 0) refuseForeignFormat(read);
    const bytes = cut.length > 0 ? Buffer.concat([cut, read]) : read;
    const end = bytes.length - cutCharacterLength(bytes);
    cut = bytes.subarray(end);
    yield checkChunk({ offset, bytes: bytes.subarray(0, end) });
    offset += end;
  }
  if (cut.length > 0) yield checkChunk({ offset, bytes: cut });
}

function refuseForeignFormat(start: Buffer): void {
  const format = FOREIGN_FORMATS.find(({ signature }) =>
    signature.equals(start.subarray(0, signature.length)),
  );
  if (!format) return;
  throw new BrokenFileError([
    {
      code: "file-unreadable",
      message: `this is ${format.name}, not text in UTF-8`,
      remedy: format.remedy,
    },
  ]);
}

/** How many bytes at the end begin a character that the next chunk completes: 0 to 3. */
function cutCharacterLength(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes.at(-back) ?? 0;
    if (byte >= 0x80 && byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

function checkChunk({ offset, bytes }: TextChunk): TextChunk {
  if (!isUtf8(bytes)) {
    throw new BrokenFileError([
      {
        code: "file-unreadable",
        message: "this byte is not UTF-8",
        remedy: "Convert the file, for example: iconv -f LATIN1 -t UTF-8",
        offset: offset + findInvalidByte(bytes),
      },
    ]);
  }
  const nul = bytes.indexOf(0);
  if (nul >= 0) {
    throw new BrokenFileError([
      {
        code: "file-unreadable",
        message: "a NUL byte stands here, which no text has",
        remedy: "Export the file anew as UTF-8 text",
        offset: offset + nul,
      },
    ]);
  }
  return offset === 0 && bytes.subarray(0, 3).equals(BYTE_ORDER_MARK)
    ? { offset: 3, bytes: bytes.subarray(3) }
    : { offset, bytes };
}

/** Decoding puts U+FFFD for what is not UTF-8: the first byte that does not come back is the one. */
function findInvalidByte(bytes: Buffer): number {
  const repaired = Buffer.from(bytes.toString("utf8"));
  return bytes.findIndex((byte, index) => byte !== repaired[index]);
}
