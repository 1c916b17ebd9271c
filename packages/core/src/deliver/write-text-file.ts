import { FileReplacement } from "./file-replacement.ts";

/**
 * Writes a whole file, durably, or leaves the one that is there untouched.
 * @throws StorageError
 */
export async function writeTextFile(file: string, text: string): Promise<void> {
  const replacement = await FileReplacement.open(file);
  await replacement.write(text);
  await replacement.commit();
}
