import { FileReplacement } from "./file-replacement.ts";
import type { OutputPlace } from "./output-place.ts";

/**
 * Writes a whole file, durably, or leaves the one that is there untouched.
 * @throws StorageError
 */
export async function writeTextFile(place: OutputPlace, text: string): Promise<void> {
  const replacement = await FileReplacement.open(place);
  await replacement.write(text);
  await replacement.commit();
}
