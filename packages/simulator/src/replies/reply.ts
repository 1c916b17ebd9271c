/** The body of an answer, as it is going to be sent. */
export interface Reply {
  readonly contentType: "application/json" | "text/event-stream" | "text/html";
  readonly contentEncoding?: "gzip";
  /** Pieces that may be sent one at a time. */
  readonly parts: readonly (string | Buffer)[];
}
