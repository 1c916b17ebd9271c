import type { RunEvent } from "@rota/core";
import { expect, test } from "vitest";
import { createFakeRunner } from "./fake-runner.ts";
import { reportRun } from "./report-run.ts";
import { SUMMARY } from "./summary-example.ts";
import { watchRun } from "./watch-run.ts";

const ERROR = { step: "causes", code: "output-invalid", message: "no JSON" } as const;

function watch(events: readonly RunEvent[]) {
  const runner = createFakeRunner({});
  const watched = watchRun(runner, () => []);
  for (const event of events) watched.onEvent?.(event);
  watched.close();
  return { runner, failures: watched.failures };
}

test("groups that failed are annotated beside the rows, however many of those failed", async () => {
  const { runner, failures } = watch([
    ...Array.from({ length: 20 }, (_, ordinal) => ({
      kind: "row-ended" as const,
      ordinal,
      line: ordinal + 2,
      status: "failed" as const,
      error: { ...ERROR, step: "ask" },
    })),
    { kind: "group-ended", by: "{{ row.product }}", key: "pot", status: "done", error: undefined },
    { kind: "group-ended", by: "{{ row.product }}", key: "kettle", status: "failed", error: ERROR },
  ]);
  await reportRun(runner, { rowsFile: "rows.csv", summary: SUMMARY, failures });
  const failed = runner.annotations.filter(({ level }) => level === "error");
  expect(failed).toHaveLength(9);
  expect(failed[0]).toMatchObject({ title: "Row failed at step ask", line: 2 });
  expect(failed.at(-1)).toEqual({
    level: "error",
    title: "Group failed at step causes",
    message: "kettle: output-invalid: no JSON",
    file: "rows.csv",
  });
});
