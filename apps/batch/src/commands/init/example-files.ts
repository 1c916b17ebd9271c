const PIPELINE = `# yaml-language-server: $schema=./pipeline.schema.json
name: ticket-triage
description: Sort support tickets and draft replies to the urgent ones.

defaults: { model: gpt-5-mini, maxOutputTokens: 300 }

input:
  id: ticket                       # the column that names a row
  columns: { ticket: string, product: string, body: string }

limits: { budgetUsd: 1, maxErrorRate: 0.1 }

steps:
  - id: classify
    messages:
      - role: system
        content: You triage support tickets for {{ row.product }}.
      - { role: user, content: "{{ row.body }}" }
    output:                        # each field becomes a column of results.csv
      schema:
        type: object
        required: [urgency, topic]
        additionalProperties: false
        properties:
          urgency: { enum: [low, high] }
          topic: { type: string, description: Two or three words. }

  - id: reply
    when: steps.classify.output.urgency == "high"
    messages:
      - role: user
        content: |
          Draft a short, kind reply to this urgent ticket about {{ steps.classify.output.topic }}:

          {{ row.body }}

outputs:
  - file: results.csv
  - file: report.md
    template: ./report.md.liquid
`;

const ROWS = `ticket,product,body
T-1,Mail,I have not been able to send anything since this morning and my customers are waiting!
T-2,Calendar,Could you add week numbers to the month view?
T-3,Mail,"How do I change my signature?

Thanks, Ada"
T-4,Drive,"All files in the folder ""Invoices"" are gone. Please help at once."
T-5,Calendar,Thank you for the new colours.
T-6,Drive,The upload stops at 99 percent every time.
T-7,Mail,Someone else is reading my mail. I need to speak to a person.
T-8,Drive,Is there a discount for schools?
`;

const KEYS = `# yaml-language-server: $schema=./rota.keys.schema.json
# Names, and where each secret comes from; never a secret itself.
keys:
  first: { secret: "env:OPENAI_API_KEY" }
  # A second key that shares the first one's limits would say so:
  # second: { secret: "env:OPENAI_API_KEY_2", limitGroup: first }

# Limits that are left out are learned.
limitGroups:
  first:
    limits: { gpt-5-mini: { requestsPerMinute: 500, tokensPerMinute: 200000 } }
`;

const REPORT = `{%- assign urgent = rows | where: "steps.classify.output.urgency", "high" -%}
# Tickets of {{ run.startedAt | date: "%-d %B %Y" }}
{% if run.simulated %}
> Simulated: no model was asked, the replies are made up.
{% endif %}
{{ rows.size }} tickets, {{ urgent.size }} of them urgent.
{% for ticket in urgent %}
## {{ ticket.row.ticket }}: {{ ticket.steps.classify.output.topic }}

> {{ ticket.row.body | normalize_whitespace }}

{{ ticket.steps.reply.text }}
{% endfor %}`;

/** The example by file name: a pipeline, its rows, its keys and its report. */
export const EXAMPLE_FILES: Readonly<Record<string, string>> = {
  "pipeline.yml": PIPELINE,
  "rows.csv": ROWS,
  "rota.keys.yml": KEYS,
  "report.md.liquid": REPORT,
};
