import { createTextLocator } from "../document/text-locator.ts";
import type { DocumentPath, YamlDocument } from "../document/yaml-document.ts";
import type { Place } from "./pipeline.ts";

/** A template or condition, and where each part of it stands in the user's files. */
export interface SourceText {
  readonly text: string;
  /** @param offset in UTF-16 units from the beginning of the text @param length in the same */
  locate(offset: number, length?: number): Place;
}

/** A text value in a YAML file. */
export function sourceInDocument(
  document: YamlDocument,
  path: DocumentPath,
  text: string,
): SourceText {
  return {
    text,
    locate: (offset, length) => ({
      file: document.file,
      position: document.positionInside(path, offset, length),
    }),
  };
}

/** A whole file. */
export function sourceOfFile(file: string, text: string): SourceText {
  const locator = createTextLocator(text);
  return {
    text,
    locate: (offset, length = 1) => ({ file, position: locator.locate(offset, offset + length) }),
  };
}
