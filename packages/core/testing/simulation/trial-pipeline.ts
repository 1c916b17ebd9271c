import type { PipelineDefinition } from "../../src/pipeline/schema.ts";
import { CALL_TIMEOUT_MS, MAX_OUTPUT_TOKENS } from "./draw-trial.ts";
import type { Trial } from "./trial.ts";

export const MODEL = "gpt-5-mini";

const SORT_SCHEMA = {
  type: "object",
  required: ["mood", "mark"],
  additionalProperties: false,
  properties: { mood: { enum: ["calm", "cross"] }, mark: { type: "string" } },
};

type Step = PipelineDefinition["steps"][number];

/** The pipeline of a trial. What its prompts come to is told by `foretell-prompt.ts`. */
export function definePipeline({ shape, concurrency, maxFaults }: Trial): PipelineDefinition {
  const steps: Step[] = [
    {
      id: "sort",
      messages: ask("sort|{{ row.text }}|{{ row.team }}"),
      ...(shape.sortHasSchema && { output: { schema: SORT_SCHEMA } }),
    },
  ];
  if (shape.answer !== "none") {
    const conditions = {
      always: undefined,
      "by-row": 'row.flag == "yes"',
      "by-reply": 'steps.sort.output.mood == "calm"',
    };
    const when = conditions[shape.answer];
    steps.push({
      id: "answer",
      messages: ask("answer|{{ row.text }}|{{ steps.sort.text }}"),
      ...(when !== undefined && { when }),
    });
  }
  if (shape.sum !== "none") {
    steps.push({
      id: "sum",
      per: "group",
      groupBy: shape.sum === "by-team" ? "{{ row.team }}" : "{{ steps.sort.output.mood }}",
      onRowError: shape.onRowError,
      messages: ask(
        "sum|{{ group.key }}|{% for r in group.rows %}{{ r.row.text }}:{{ r.steps.sort.text }};{% endfor %}",
      ),
    });
  }
  if (shape.match) {
    steps.push({ id: "match", messages: ask("match|{{ row.text }}|{{ steps.sum.text }}") });
  }
  if (shape.digest !== "none") {
    const list =
      shape.digest === "of-rows"
        ? "{% for r in rows %}{{ r.row.text }}:{{ r.steps.sort.text }};{% endfor %}"
        : "{% for g in groups %}{{ g.key }}:{{ g.steps.sum.text }};{% endfor %}";
    steps.push({
      id: "digest",
      per: "run",
      onRowError: shape.onRowError,
      messages: ask(`digest|{{ run.rows.total }}|${list}`),
    });
  }
  return {
    name: "trial",
    defaults: { model: MODEL, maxOutputTokens: MAX_OUTPUT_TOKENS },
    limits: {
      concurrency,
      maxFaults,
      maxErrorRate: 1,
      callTimeoutSeconds: CALL_TIMEOUT_MS / 1000,
    },
    steps,
  };
}

function ask(content: string): Step["messages"] {
  return [{ role: "user", content }];
}
