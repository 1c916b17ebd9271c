import { createHash } from "node:crypto";

/** What the modelled server answers a prompt with: each has its own answer, so that a foreign one shows. */
export function foretellReply(prompt: string, hasSchema: boolean): string {
  const mark = hash(prompt).toString("hex").slice(0, 12);
  if (!hasSchema) return `re: ${mark}`;
  return JSON.stringify({ mood: lot(prompt, "mood") < 0.5 ? "calm" : "cross", mark });
}

/** A number from 0 to 1 that belongs to a prompt: what a request meets each time it is sent. */
export function lot(prompt: string, what: string): number {
  return hash(`${what} ${prompt}`).readUInt32LE() / 2 ** 32;
}

function hash(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
