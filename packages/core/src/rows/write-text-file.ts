import { FileReplacement } from "./file-replacement.ts";

/**
 * Writes a whole file, or leaves the one that is there untouched.
 * @throws StorageError
 */
export async function writeTextFile(file: string, text: string): Promise<void> {
  const replacement = await FileReplacement.open(file);
  try {
    await replacement.write(text);
  } catch (error) {
    await replacement.discard();
    throw error;
  }
  await replacement.commit();
}
