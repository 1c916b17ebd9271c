import { fstatSync, writeSync } from "node:fs";

type WriteStream = NodeJS.Process["stdout"] | NodeJS.Process["stderr"];

/** One of the two streams that a process may not lose by losing its reader. */
export interface ProcessStream {
  /** Does nothing once the stream is broken. */
  write(text: string): void;
  /** Waits until all that was written has been taken. @returns false when something was not */
  delivered(): Promise<boolean>;
}

/**
 * A stream to a terminal, pipe or file.
 *
 *     whole ──(an error of any kind)──▶ broken
 *
 * Who reads may stop reading (`rota … | head`), the terminal may be closed (EIO), the disk be full
 * (ENOSPC). That ends what is shown, not the work: a broken stream takes everything and keeps nothing.
 */
export function openProcessStream(stream: WriteStream): ProcessStream {
  let isBroken = false;
  let taken = Promise.resolve();
  const giveUp = () => {
    isBroken = true;
  };
  stream.on("error", giveUp);
  const write = isFile(stream) ? writeWhole : writeToStream;
  return {
    write: (text) => {
      if (isBroken) return;
      taken = write(stream, text).catch(giveUp);
    },
    delivered: async () => {
      await taken;
      return !isBroken;
    },
  };
}

function writeToStream(stream: WriteStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

/** Node's own stream for files takes it for success when a full disk took only a part. */
async function writeWhole({ fd }: WriteStream, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length;) {
    const count = writeSync(fd, bytes, from);
    if (count === 0) throw new Error("nothing was written");
    from += count;
  }
}

function isFile({ fd }: WriteStream): boolean {
  try {
    return fstatSync(fd).isFile();
  } catch {
    return false;
  }
}
