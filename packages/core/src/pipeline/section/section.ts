import type { DocumentPart, DocumentPath, YamlDocument } from "../../document/yaml-document.ts";
import type { ProblemText, ReportProblem } from "../../vocabulary/problem.ts";
import type { Place } from "../pipeline.ts";
import { createSourceText, type SourceText } from "./source-text.ts";

/** A part of a YAML file that the user wrote: where it stands, and the way to say what is wrong in it. */
export class Section {
  /** For problems that stand elsewhere. */
  readonly reportProblem: ReportProblem;
  readonly #document: YamlDocument;
  readonly #path: DocumentPath;

  constructor(document: YamlDocument, reportProblem: ReportProblem, path: DocumentPath = []) {
    this.#document = document;
    this.reportProblem = reportProblem;
    this.#path = path;
  }

  get place(): Place {
    return { file: this.#document.file, position: this.#document.position(this.#path) };
  }

  /** False where the file says nothing, and a default holds. */
  get isWritten(): boolean {
    return this.#document.has(this.#path);
  }

  /** A deeper part of it; it need not be written. */
  at(...names: DocumentPath): Section {
    return new Section(this.#document, this.reportProblem, [...this.#path, ...names]);
  }

  /** Reports a problem here: with the value, or with the key that it has in its map. */
  report(what: ProblemText, part?: DocumentPart): void {
    this.reportProblem(this.#document.problem(this.#path, what, part));
  }

  /** The text that stands here, so that parts of it can be pointed at. */
  source(text: string): SourceText {
    const locate = (offset: number, length?: number): Place => ({
      file: this.#document.file,
      position: this.#document.positionInside(this.#path, offset, length),
    });
    return createSourceText(text, locate, this.reportProblem);
  }
}
