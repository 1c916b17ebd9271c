import { open } from "node:fs/promises";

/** GitHub refuses a step's summary above 1 MiB; a rest is left for what comes around it. */
export const MAX_SUMMARY_BYTES = 1_000_000;

/** A Markdown file that a run wrote. */
export interface WrittenReport {
  readonly file: string;
  /** Its beginning: as much as a summary could hold, and a byte more for one that is longer. */
  readonly beginning: Buffer;
}

export async function readReports(files: readonly string[]): Promise<WrittenReport[]> {
  const reports = files.filter((file) => file.toLowerCase().endsWith(".md"));
  return Promise.all(reports.map(async (file) => ({ file, beginning: await readBeginning(file) })));
}

async function readBeginning(file: string): Promise<Buffer> {
  await using handle = await open(file);
  const { size } = await handle.stat();
  const buffer = Buffer.alloc(Math.min(size, MAX_SUMMARY_BYTES + 1));
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
  return buffer.subarray(0, bytesRead);
}
