/** A text with variables, checked and ready to be filled in any number of times. */
export interface Template {
  readonly source: string;
  /** What it takes from the scope, in the order of the source; names it declares itself are left out. */
  readonly variables: readonly VariableReference[];
  /**
   * Fills in the variables. Their values are data: nothing in them is read as template.
   * Null becomes nothing, objects and arrays become JSON, all else its plain text.
   * @param scope the variables by name, each a JSON value; only own properties count
   * @throws TemplateError when a variable is missing, or a limit of size or of work is passed
   */
  render(scope: object): string;
}

export interface VariableReference {
  /** `row.body` and `row["body"]` are both `["row", "body"]`; ends before a part that is itself computed. */
  readonly path: readonly string[];
  /** Where in the source it stands, in UTF-16 units from 0. */
  readonly offset: number;
}
