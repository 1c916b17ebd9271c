/** A pipeline of one step that writes a table and a report. */
export const PIPELINE = `name: triage
defaults: { model: gpt-5-mini }
steps:
  - id: answer
    messages:
      - { role: user, content: "{{ row.body }}" }
outputs:
  - file: results.csv
  - file: report.md
`;

export const ROWS = "id,body\n1,Where is my order?\n2,Please refund me\n3,It is broken\n";

/** The inputs that run the one over the other. */
export const INPUTS = { pipeline: "p.yml", rows: "rows.csv", keys: "a=sk-1" };

export const FILES = { "p.yml": PIPELINE, "rows.csv": ROWS };
