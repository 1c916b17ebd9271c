import { createTextLocator } from "../../document/text-locator.ts";
import type { ProblemText, ReportProblem } from "../../vocabulary/problem.ts";
import type { Place } from "../pipeline.ts";

/** A template or condition, and where each part of it stands in the user's files. */
export interface SourceText {
  readonly text: string;
  /** @param offset in UTF-16 units from the beginning of the text @param length in the same */
  locate(offset: number, length?: number): Place;
  /** Reports a problem with a part of the text. */
  report(what: ProblemText, offset: number, length?: number): void;
}

export function createSourceText(
  text: string,
  locate: SourceText["locate"],
  reportProblem: ReportProblem,
): SourceText {
  return {
    text,
    locate,
    report: (what, offset, length) => reportProblem({ ...what, ...locate(offset, length) }),
  };
}

/** The text of a whole file. */
export function sourceOfFile(file: string, text: string, reportProblem: ReportProblem): SourceText {
  const locator = createTextLocator(text);
  const locate = (offset: number, length = 1): Place => ({
    file,
    position: locator.locate(offset, offset + length),
  });
  return createSourceText(text, locate, reportProblem);
}
