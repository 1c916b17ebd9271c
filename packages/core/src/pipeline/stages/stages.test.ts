import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadPipeline } from "../load-pipeline.ts";
import { listSteps, type Pipeline } from "../pipeline.ts";
import type { PipelineDefinition } from "../schema.ts";
import { listProblems } from "../../../testing/temporary-pipeline.ts";

type StepDefinition = PipelineDefinition["steps"][number];

const byProduct = { per: "group", groupBy: "{{ row.product }}" } as const;
const byLanguage = { per: "group", groupBy: "{{ row.language }}" } as const;
const once = { per: "run" } as const;

function ask(id: string, content = "hi", more: Partial<StepDefinition> = {}): StepDefinition {
  return { id, messages: [{ role: "user", content }], ...more };
}

function define(steps: readonly StepDefinition[], more: Partial<PipelineDefinition> = {}) {
  return { name: "p", defaults: { model: "m" }, steps: [...steps], ...more };
}

function load(...steps: readonly StepDefinition[]): Pipeline {
  return loadPipeline(define(steps));
}

/** Such as `row: a b`, a stage each. */
function listStages(...steps: readonly StepDefinition[]): string[] {
  return load(...steps).stages.map(
    (stage) => `${stage.per}: ${stage.steps.map(({ id }) => id).join(" ")}`,
  );
}

/** The first line of each, without its place, and its remedy. */
function listMistakes(...steps: readonly StepDefinition[]): string[] {
  return listProblems(() => load(...steps)).map((problem) => {
    const [message = "", ...others] = problem.split("\n");
    return [message.replace(/^pipeline:\d+:\d+: /, ""), others.at(-1)?.trim()].join(" ");
  });
}

function needsOf(id: string, ...steps: readonly StepDefinition[]): readonly string[] {
  return listSteps(load(...steps)).find((step) => step.id === id)?.needs ?? [];
}

describe("stages follow from what steps refer to", () => {
  test("rows, then groups, then rows that see their group, then the run", () => {
    const stages = listStages(
      ask("digest", "{% for g in groups %}{{ g.key }}{% endfor %}", once),
      ask("compare", "{{ steps.classify.text }} {{ steps.summary.text }}"),
      ask("summary", "{% for r in group.rows %}{{ r.id }}{% endfor %}", byProduct),
      ask("classify"),
    );
    expect(stages).toEqual(["row: classify", "group: summary", "row: compare", "run: digest"]);
  });

  test("a row step may come after a step over the run", () => {
    expect(
      listStages(ask("plan", "{{ rows.size }}", once), ask("a"), ask("b", "{{ steps.plan.text }}")),
    ).toEqual(["row: a", "run: plan", "row: b"]);
  });

  test("a run step whose needs are met waits for all rows and groups that need not wait for it", () => {
    expect(listStages(ask("r", "hi", once), ask("g", "hi", byProduct), ask("a"))).toEqual([
      "row: a",
      "group: g",
      "run: r",
    ]);
  });

  test("steps of one grouping share a stage, those of another have their own", () => {
    expect(
      listStages(
        ask("a"),
        ask("g", "hi", byProduct),
        ask("h", "hi", byLanguage),
        ask("i", "{{ steps.g.text }}", byProduct),
      ),
    ).toEqual(["row: a", "group: g i", "group: h"]);
  });

  test("a grouping has a second stage where its step looks at rows that needed the first", () => {
    const through = "{% for r in group.rows %}{{ r.steps.b.output }}{% endfor %}";
    expect(
      listStages(
        ask("a"),
        ask("g", "hi", byProduct),
        ask("b", "{{ steps.g.text }}"),
        ask("h", through, byProduct),
      ),
    ).toEqual(["row: a", "group: g", "row: b", "group: h"]);
  });

  test("inside a stage steps stay as written, but behind what they need", () => {
    expect(
      listStages(
        ask("c", "hi", { needs: ["b"] }),
        ask("d"),
        ask("b", "hi", { needs: ["a"] }),
        ask("a"),
      ),
    ).toEqual(["row: a b c d"]);
  });

  test("needs may name a step of any kind", () => {
    expect(
      listStages(
        ask("a"),
        ask("late", "hi", { needs: ["g", "r"] }),
        ask("g", "hi", { ...byProduct, needs: ["r"] }),
        ask("r", "hi", once),
      ),
    ).toEqual(["row: a", "run: r", "group: g", "row: late"]);
  });
});

describe("a step over rows or groups needs what it looks at through them", () => {
  test.each([
    "{% for r in group.rows %}{{ r.steps.late.output }}{% endfor %}",
    '{% for r in group.rows %}{{ r["steps"]["late"].output }}{% endfor %}',
    "{% for r in group.rows %}{{ r.steps['late'].output }}{% endfor %}",
    '{{ group.rows | where: "steps.late.output", "yes" | size }}',
    "{{ group.rows | map: 'steps.late.text' | join }}",
  ])("%s", (content) => {
    const steps = [ask("a"), ask("plan", "hi", once), ask("late", "hi", { needs: ["plan"] })];
    expect(needsOf("g", ...steps, ask("g", content, byProduct))).toEqual(["late"]);
  });

  test("in its condition", () => {
    const when = 'group.rows.filter(r, r.steps.a.output == "x").size() > 2';
    expect(needsOf("g", ask("a"), ask("g", "hi", { ...byProduct, when }))).toEqual(["a"]);
  });

  test("but not what its words say", () => {
    const words =
      "{{ rows.size }} rows; see r.steps.a or {% if run.name %}my.steps.below{% endif %}";
    expect(needsOf("r", ask("a"), ask("r", words, once))).toEqual([]);
  });

  test("a step over all groups needs every group that does not wait for it", () => {
    const groups = "{{ groups.size }}";
    const steps = [
      ask("a"),
      ask("first", groups, once),
      ask("g", "hi", byProduct),
      ask("h", "{{ steps.first.text }}", byLanguage),
      ask("second", groups, once),
    ];
    expect(needsOf("first", ...steps)).toEqual(["g"]);
    expect(needsOf("second", ...steps)).toEqual(["g", "h"]);
    expect(listStages(...steps)).toEqual([
      "row: a",
      "group: g",
      "run: first",
      "group: h",
      "run: second",
    ]);
  });

  test("of two steps over all groups, each of which a group waits for, the first goes last", () => {
    expect(
      listStages(
        ask("a"),
        ask("first", "{{ groups.size }}", once),
        ask("second", "{{ groups.size }}", once),
        ask("g", "{{ steps.first.text }}", byProduct),
        ask("h", "{{ steps.second.text }}", byLanguage),
      ),
    ).toEqual(["row: a", "run: second", "group: h", "run: first", "group: g"]);
  });

  test("the replies by which rows are grouped are needed, too", () => {
    const byTopic = { per: "group", groupBy: "{{ steps.a.output }}" } as const;
    const pipeline = load(ask("g", "hi", byTopic), ask("a"));
    expect(listSteps(pipeline, "group")[0]?.needs).toEqual(["a"]);
    expect(pipeline.stages[1]).toMatchObject({ grouping: { needsReplies: true } });
  });
});

describe("steps that wait for each other are a problem", () => {
  const remedy = "-> Remove one of the references between them";

  test("through rows", () => {
    const through = "{% for r in group.rows %}{{ r.steps.compare.text }}{% endfor %}";
    expect(
      listMistakes(ask("compare", "{{ steps.summary.text }}"), ask("summary", through, byProduct)),
    ).toEqual([
      `these steps wait for each other: compare -> summary -> compare; "summary" looks at "compare" through its rows ${remedy}`,
    ]);
  });

  test("through groups", () => {
    expect(
      listMistakes(
        ask("a"),
        ask("g", "{{ steps.r.text }}", byProduct),
        ask("r", "{% for g in groups %}{{ g.steps.g.text }}{% endfor %}", once),
      ),
    ).toEqual([
      `these steps wait for each other: g -> r -> g; "r" looks at "g" through its groups ${remedy}`,
    ]);
  });

  test("by what rows are grouped by", () => {
    const groupBy = "{{ steps.mood.text }}";
    expect(
      listMistakes(ask("mood", "{{ steps.g.text }}"), ask("g", "hi", { per: "group", groupBy })),
    ).toEqual([
      `these steps wait for each other: mood -> g -> mood; "g" groups its rows by the reply of "mood" ${remedy}`,
    ]);
  });

  test("one with itself", () => {
    expect(listMistakes(ask("a"), ask("g", "{{ steps.g.text }}", byProduct))).toEqual([
      `the step "g" needs its own reply ${remedy}`,
    ]);
  });
});

describe("what a step cannot see is a problem", () => {
  test.each<[string, StepDefinition, string]>([
    [
      "a single row for a group",
      ask("x", "{{ row.body }}", byProduct),
      "there is no single row here: this is written once for each group -> Loop: {% for r in group.rows %}{{ r.row.NAME }}{% endfor %}",
    ],
    [
      "all rows for a group",
      ask("x", "{{ rows.size }}", byProduct),
      "a step that runs for each group sees the rows of its group only -> Write group.rows",
    ],
    [
      "the run for a group",
      ask("x", "{{ run.name }}", byProduct),
      'a step that runs for each group cannot see "run" -> Move it to a step with "per: run"',
    ],
    [
      "all groups for a row",
      ask("x", "{{ groups.size }}"),
      'a step that runs for each row cannot see "groups" -> Move it to a step with "per: run"',
    ],
    [
      "a single group for the run",
      ask("x", "{{ group.key }}", once),
      "there is no single group here: this is written once, over all groups -> Loop: {% for g in groups %}{{ g.key }}{% endfor %}",
    ],
    [
      "a row step's reply for a group",
      ask("x", "{{ steps.a.text }}", byProduct),
      'the step "a" runs for each row, and here is no single row -> Loop: {% for r in group.rows %}{{ r.steps.a.output }}{% endfor %}',
    ],
    [
      "a group step's reply for the run",
      ask("x", "{{ steps.g.text }}", once),
      'the step "g" runs for each group, and here is no single group -> Loop: {% for g in groups %}{{ g.steps.g.output }}{% endfor %}',
    ],
    [
      "the reply about another group",
      ask("x", "{{ steps.g.text }}", byLanguage),
      'the step "g" runs for groups by {{ row.product }}, and these are groups by {{ row.language }} -> Give both steps the same "groupBy"',
    ],
    [
      "a part that no group has",
      ask("x", "{{ group.kye }}", byProduct),
      '"group" has no "kye" here -> Did you mean "key"?',
    ],
    [
      "a count that no group has",
      ask("x", "{{ group.counts.rows }}", byProduct),
      '"group.counts" has no "rows" here -> It has: total, done, failed, skipped, uncertain',
    ],
  ])("%s", (_, step, mistake) => {
    expect(listMistakes(ask("a"), ask("g", "hi", byProduct), step)).toEqual([mistake]);
  });

  test.each<[string, StepDefinition, string]>([
    [
      "its own group's through rows",
      ask("x", '{{ group.rows | map: "steps.g.text" | join }}', byProduct),
      'a group\'s rows have the replies of steps per row, and "g" is per group -> Write steps.g.output',
    ],
    [
      "another group's through rows",
      ask("x", "{% for r in group.rows %}{{ r.steps.g.text }}{% endfor %}", byLanguage),
      'a group\'s rows have the replies of steps per row, and "g" is per group -> Take its reply over in a step per row, and look at that',
    ],
    [
      "the run's through rows",
      ask("x", "{% for r in rows %}{{ r.steps.r.text }}{% endfor %}", once),
      'rows and groups have no replies about the run, and "r" is per run -> Write steps.r.output',
    ],
    [
      "another group's as needed",
      ask("x", "hi", { ...byLanguage, needs: ["g"] }),
      'the step "g" runs for groups by {{ row.product }}, and these are groups by {{ row.language }} -> Give both steps the same "groupBy"',
    ],
  ])("a reply that is not where it is looked for: %s", (_, step, mistake) => {
    const others = [ask("a"), ask("g", "hi", byProduct), ask("r", "hi", once)];
    expect(listMistakes(...others, step)).toEqual([mistake]);
  });

  test("what a step sees of its group, of another step about it, and of the run is none", () => {
    const content =
      "{{ group.key }} {{ group.counts.total }} {{ group.rows.size }} {{ steps.g.text }} {{ steps.r.text }}";
    expect(
      listMistakes(
        ask("a"),
        ask("g", "hi", byProduct),
        ask("r", "hi", once),
        ask("x", content, byProduct),
      ),
    ).toEqual([]);
  });
});

describe("a group must be named", () => {
  test.each<[string, Partial<StepDefinition>, string]>([
    [
      "a step per group without groupBy",
      { per: "group" },
      'the step "x" is per group, and nothing says which rows are a group -> Add "groupBy" with a template, such as "{{ row.product }}"',
    ],
    [
      "groupBy in a step of another kind",
      { groupBy: "{{ row.product }}" },
      '"groupBy" is for steps per group, and the step "x" is per row -> Remove it, or write "per: group"',
    ],
    [
      "groupBy that names a column without braces",
      { per: "group", groupBy: "row.product" },
      '"groupBy" names no column, so that all rows would be one group -> Write "{{ row.product }}"',
    ],
    [
      "groupBy that is a text",
      { per: "group", groupBy: "all of it" },
      '"groupBy" names no column, so that all rows would be one group -> Refer to a column, such as "{{ row.product }}"; over all rows, write "per: run"',
    ],
    [
      "groupBy that cannot be read",
      { per: "group", groupBy: "{{ row.product | shout }}" },
      "undefined filter: shout -> Correct the template; to show braces as they are, put {% raw %} … {% endraw %} around",
    ],
    [
      "groupBy by the reply about a group",
      { per: "group", groupBy: "{{ steps.g.text }}" },
      '"groupBy" sees replies about its row, and the step "g" runs for each group -> Group by a column, or by the reply of a step that runs for each row',
    ],
    [
      "groupBy by the rows",
      { per: "group", groupBy: "{{ rows.size }}" },
      '"groupBy" puts one row into its group, and cannot see "rows" -> Refer to a column, such as row.product',
    ],
    [
      "onRowError in a step per row",
      { onRowError: "skip" },
      '"onRowError" is for steps that stand on several rows, and this one is per row -> Remove it, or write it at a step "per: group" or "per: run"',
    ],
  ])("%s", (_, more, mistake) => {
    const steps = [ask("a"), ask("g", "hi", byProduct), ask("x", "hi", more)];
    expect(listMistakes(...steps)).toEqual([mistake]);
  });

  test("a column that is declared nowhere is a problem at its place", () => {
    const input = { columns: { product: "string" } } as const;
    const steps = [ask("a"), ask("g", "hi", { per: "group", groupBy: "{{ row.prodct }}" })];
    expect(listProblems(() => loadPipeline(define(steps, { input })))).toEqual([
      `pipeline:14:18: there is no column "prodct"
   14 |     groupBy: "{{ row.prodct }}"
      |                  ^^^^^^^^^^
   -> Did you mean "product"?`,
    ]);
  });

  test("a step that writes a column of every table of groups is a problem", () => {
    expect(listMistakes(ask("a"), ask("rows", "hi", byProduct))).toEqual([
      'a table of groups already has a column "rows", which this step writes -> Rename the step',
    ]);
  });
});

describe("groupings", () => {
  function groupingOf(groupBy: string) {
    const [, stage] = load(ask("a"), ask("g", "hi", { per: "group", groupBy })).stages;
    if (stage?.per !== "group") throw new Error("no stage of groups");
    return stage.grouping;
  }

  test.each([
    ["{{row.product}}", "{{ row.product }}"],
    ["  {{  row.product  |  upcase }}\n", "{{ row.product | upcase }}"],
    ['{{ row["unit  price"] }} / {{row.b}}', '{{ row["unit  price"] }} / {{ row.b }}'],
    ["{%if row.a%}x{%endif%}", "{% if row.a %}x{% endif %}"],
    ["{{- row.a -}}", "{{- row.a -}}"],
  ])("%s goes by %s", (groupBy, by) => {
    expect(groupingOf(groupBy).by).toBe(by);
  });

  test("steps that differ in white space only share one", () => {
    const { stages } = load(
      ask("a"),
      ask("g", "hi", byProduct),
      ask("h", "hi", { per: "group", groupBy: " {{row.product}} " }),
    );
    expect(stages).toHaveLength(2);
  });

  test("a row's group is what the template gives", () => {
    const grouping = groupingOf("{{row.product}}, {{ row.year }} ");
    expect(grouping.keyOf({ row: { product: " Mail {{x}}", year: 2026 }, steps: {} })).toBe(
      " Mail {{x}}, 2026",
    );
    expect(() => grouping.keyOf({ row: { product: "Mail" }, steps: {} })).toThrow(
      'variable "row.year" has no value',
    );
  });

  test("a key that is a text and no name is an error", () => {
    const grouping = groupingOf("{{ row.product }}");
    expect(grouping.keyOf({ row: { product: "x".repeat(500) }, steps: {} })).toHaveLength(500);
    expect(() => grouping.keyOf({ row: { product: "x".repeat(501) }, steps: {} })).toThrow(
      "the key of its group is longer than 500 characters; group by a shorter text",
    );
  });
});

test("only steps that run before any group are in the fingerprints", () => {
  const { fingerprints } = load(
    ask("a"),
    ask("g", "hi", byProduct),
    ask("b", "{{ steps.g.text }}"),
    ask("r", "hi", once),
  );
  expect(Object.keys(fingerprints)).toEqual(["input", "step a"]);
});

test("a pipeline that begins with the run has no step in its fingerprints", () => {
  const { fingerprints } = load(ask("r", "hi", once), ask("a", "{{ steps.r.text }}"));
  expect(Object.keys(fingerprints)).toEqual(["input"]);
});

test("the fate of a step over failed rows is the user's choice", () => {
  const steps = listSteps(
    load(ask("a"), ask("g", "hi", byProduct), ask("r", "hi", { ...once, onRowError: "fail" })),
  );
  expect(steps.map(({ onRowError }) => onRowError)).toEqual(["skip", "skip", "fail"]);
});

/** Steps of random kinds, each with a few others that it needs, one way or another. */
const graphs = fc.integer({ min: 1, max: 9 }).chain((count) =>
  fc.array(
    fc.record({
      kind: fc.constantFrom(
        "row" as const,
        "product" as const,
        "language" as const,
        "run" as const,
      ),
      needs: fc.array(fc.nat(count - 1), { maxLength: 3 }),
      isNamed: fc.boolean(),
      seesGroups: fc.boolean(),
    }),
    { minLength: count, maxLength: count },
  ),
);

type Graph = typeof graphs extends fc.Arbitrary<infer T> ? T : never;

const kinds = {
  row: { per: "row" },
  product: byProduct,
  language: byLanguage,
  run: once,
} as const;

/** Without needs that are another mistake: steps of different groups share no subject. */
function withoutStrangers(graph: Graph): Graph {
  return graph.map((node) => ({
    ...node,
    needs: node.needs.filter((need) => {
      const pair = new Set([node.kind, graph[need]?.kind]);
      return !(pair.has("product") && pair.has("language"));
    }),
  }));
}

function toSteps(graph: Graph): StepDefinition[] {
  return graph.map(({ kind, needs, isNamed, seesGroups }, index) => {
    const isLookedAt = (need: number) => {
      const per = kinds[graph[need]?.kind ?? "row"].per;
      return !isNamed && kind !== "row" && (per === "row" || (kind === "run" && per === "group"));
    };
    const list = kind === "run" ? "rows" : "group.rows";
    const loops = needs
      .filter(isLookedAt)
      .map((need) => `{% for r in ${list} %}{{ r.steps.s${need}.text }}{% endfor %}`);
    const groups = kind === "run" && seesGroups ? "{{ groups.size }}" : "";
    return ask(`s${index}`, `hi ${loops.join("")}${groups}`, {
      ...kinds[kind],
      needs: needs.filter((need) => !isLookedAt(need)).map((need) => `s${need}`),
    });
  });
}

function hasCycle(graph: Graph): boolean {
  const reached = (from: number, seen: Set<number>): Set<number> => {
    for (const need of graph[from]?.needs ?? []) {
      if (!seen.has(need)) reached(need, seen.add(need));
    }
    return seen;
  };
  return graph.some((_, index) => reached(index, new Set()).has(index));
}

test("whatever steps need, they have an order that respects it, or those that wait for each other are named", () => {
  const outcomes = new Set<string>();
  fc.assert(
    fc.property(graphs.map(withoutStrangers), (graph) => {
      // One row step that needs nothing, since a pipeline without is another mistake.
      const steps = [ask("first"), ...toSteps(graph)];
      const mistakes = listMistakes(...steps);
      expect(mistakes.length > 0).toBe(hasCycle(graph));
      for (const mistake of mistakes) {
        expect(mistake).toMatch(/^these steps wait for each other|needs its own reply/);
      }
      outcomes.add(mistakes.length > 0 ? "cycle" : "stages");
      if (mistakes.length > 0) return;

      const { stages } = load(...steps);
      const order = stages.flatMap((stage) => stage.steps);
      expect(order.map(({ id }) => id).toSorted()).toEqual(steps.map(({ id }) => id).toSorted());
      for (const [index, { needs }] of order.entries()) {
        const before = order.slice(0, index).map(({ id }) => id);
        expect(before).toEqual(expect.arrayContaining([...needs]));
      }
      for (const stage of stages) {
        expect(stage.steps.every(({ per }) => per === stage.per)).toBe(true);
      }
      graph.forEach(({ needs }, index) => {
        const found = order.find(({ id }) => id === `s${index}`)?.needs;
        expect(found).toEqual(expect.arrayContaining(needs.map((need) => `s${need}`)));
      });
    }),
    { numRuns: 300 },
  );
  expect(outcomes).toEqual(new Set(["cycle", "stages"]));
});
