import { isDeepStrictEqual } from "node:util";
import { RunChangedError, StorageError } from "../../src/vocabulary/error.ts";
import type { CallRecord } from "../../src/vocabulary/journal.ts";
import { ProblemsError } from "../../src/vocabulary/problem.ts";
import { PromptForeteller } from "./foretell-prompt.ts";
import type { LifeReport } from "./live.ts";
import { nameCall, type Records } from "./read-records.ts";
import type { LoggedSend, ReadRevocation } from "./send-log.ts";
import type { Trial } from "./trial.ts";

/** What a life is judged by. */
export interface LifeEvidence {
  readonly trial: Trial;
  readonly report: LifeReport;
  /** What the journal held when it began, and holds now. */
  readonly before: Records;
  readonly after: Records;
  /** Of all lives so far. */
  readonly sends: readonly LoggedSend[];
  readonly revocations: readonly ReadRevocation[];
  /** The content of each row, as the rows file names it. */
  readonly contents: readonly string[];
  /** Processes that died before. */
  readonly deaths: number;
  /** True when the rows file was another one when the process began. */
  readonly beganEdited: boolean;
}

/** @returns the promises that the process broke, in words */
export function checkLife(evidence: LifeEvidence): string[] {
  const { report } = evidence;
  const always = [
    ...checkEnd(evidence),
    ...checkRevocations(evidence),
    ...checkBudget(evidence),
    ...checkKept(evidence),
    ...checkTexts(evidence),
    ...checkOpenCalls(evidence),
  ];
  // While rows change under its hands a place stands for several calls: those are not told apart here.
  if (report.editedMeanwhile) return always;
  return [
    ...always,
    ...checkAttempts(evidence),
    ...checkToldRows(evidence),
    ...checkReplies(evidence),
    ...checkFailures(evidence),
  ];
}

function checkEnd({ report, trial, beganEdited }: LifeEvidence): string[] {
  const { died, error, plan, summary, editedMeanwhile } = report;
  if (died) return [];
  if (!summary) {
    const isExcused =
      (error instanceof RunChangedError && (beganEdited || editedMeanwhile)) ||
      ((error instanceof StorageError || error instanceof ProblemsError) && plan.blocksOutput);
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return isExcused ? [] : [`the run failed: ${text}`];
  }
  if (beganEdited) return ["the rows are others than those it began with, and it was not refused"];
  const { status, rows } = summary;
  const expected = {
    completed: true,
    failed: true,
    interrupted: plan.ending === "interrupt",
    budget: plan.hasBudget && trial.budgetUsd !== undefined,
    "no-usable-key": plan.troubles.length > 0,
    environment: false,
    outage: false,
    limits: false,
    "refused-alike": false,
  };
  if (!expected[status]) return [`the run stopped for no reason: ${status}: ${summary.message}`];
  const ended = rows.done + rows.failed + rows.skipped + rows.uncertain;
  const isWhole = status === "completed" || status === "failed";
  if (rows.total !== trial.rows.length) return [`it counts ${rows.total} rows`];
  if (isWhole ? ended !== rows.total : ended > rows.total) {
    return [`${rows.total} rows, and ${ended} of them have an end`];
  }
  return [];
}

function checkRevocations({ report, revocations, sends }: LifeEvidence): string[] {
  return revocations
    .filter(({ life }) => life === report.number)
    .flatMap(({ key, at }) =>
      sends
        .filter((send) => send.life === report.number && send.key === key && send.sentAt > at)
        .map(({ prompt }) => `sent on ${key} after it was known to be revoked: ${prompt}`),
    );
}

/**
 * Reservations cover what replies cost, so nothing at all may be spent above the budget. Where the
 * server does not keep to what was asked, nothing may be sent that the budget does not carry when
 * the calls in flight cost as much as the dearest of their step that was answered so far.
 */
function checkBudget({ before, report, sends, trial }: LifeEvidence): string[] {
  const { budgetUsd } = trial;
  if (!report.plan.hasBudget || budgetUsd === undefined) return [];
  const here = sends.filter(({ life }) => life === report.number);
  const spentUsd = sumOf(sends.map(costOf));
  if (trial.moods.dear === 0) {
    if (here.length === 0 || spentUsd <= budgetUsd + CRUMBS_USD) return [];
    return [`$${spentUsd} were spent of $${budgetUsd}`];
  }
  // What died with a process, or with the power, is not known to the next.
  const spentBefore = sumOf([...before.values()].map(({ result }) => result?.costUsd ?? 0));
  const late = here.filter(({ sentAt, prompt }, index) => {
    const answered = here.filter(({ endedAt = Infinity }) => endedAt < sentAt);
    const dearest = (step: string) =>
      Math.max(0, ...answered.filter((send) => stepOf(send.prompt) === step).map(costOf));
    // Of what ended at this very moment it is not known whether it was read before.
    const inFlight = here
      .slice(0, index)
      .filter((send) => !answered.includes(send))
      .map((send) => (send.endedAt === sentAt ? costOf(send) : dearest(stepOf(send.prompt))));
    const foreseenUsd =
      spentBefore + sumOf(answered.map(costOf)) + sumOf(inFlight) + dearest(stepOf(prompt));
    return foreseenUsd > budgetUsd + CRUMBS_USD;
  });
  if (late.length === 0) return [];
  return [`${late.length} calls were sent after it was known that the budget does not carry them`];
}

/** What sums of binary fractions are off by. */
const CRUMBS_USD = 1e-12;

function costOf({ end }: LoggedSend): number {
  return end?.costUsd ?? 0;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

/** Prompts begin with the name of their step. */
function stepOf(prompt: string): string {
  return prompt.slice(0, prompt.indexOf("|"));
}

/** What was done stays done, and is not asked again. */
function checkKept({ before, after, report, trial }: LifeEvidence): string[] {
  return [...before].flatMap(([name, was]) => {
    const is = after.get(name);
    if (is && contentOf(is) !== contentOf(was)) return [];
    if (!is) return [`${name} is gone from the journal`];
    const sends = is.attempts - was.attempts;
    if (!was.result && was.unanswered > 0 && trial.onUncertain === "skip" && sends > 0) {
      return [`${name} was left open, and was sent again though it was not to be`];
    }
    if (was.result?.status !== "done") return [];
    if (!is.result) return [`the result of ${name} is gone`];
    if (is.result.request !== was.result.request) return [];
    // What groups and the run ask may have changed, and its reply not have come yet.
    if (!isAboutRowAlone(is) && !isThrough(report)) return [];
    if (sends > 0) return [`${name} was done, and was sent ${sends} times more`];
    return is.result.text === was.result.text ? [] : [`${name} was done, and has another text now`];
  });
}

/** The first step's reply follows from the row alone: it is right or wrong at any time. */
function checkTexts({ after, contents, trial }: LifeEvidence): string[] {
  const foreteller = new PromptForeteller(trial, after);
  return [...after].flatMap(([name, record]) => {
    const { id, result } = record;
    if (id.step !== "sort" || id.subject.per !== "row" || result?.status !== "done") return [];
    if (contents[id.subject.ordinal] !== id.subject.content) return [];
    const right = foreteller.foretellText(name, record);
    return result.text === right ? [] : [`${name} has ${result.text} and should have ${right}`];
  });
}

/** What may be sent again after a death is bounded by what was in flight. */
function checkOpenCalls({ after, before, trial }: LifeEvidence): string[] {
  const open = [...after].filter(
    ([name, { result, unanswered }]) => !result && unanswered > (before.get(name)?.unanswered ?? 0),
  );
  if (open.length <= trial.concurrency) return [];
  return [`${open.length} calls were left open, of ${trial.concurrency} that may be in flight`];
}

/** The journal knows of every request that the server got, and of few that it did not get. */
function checkAttempts({ after, before, report, sends, trial }: LifeEvidence): string[] {
  const received = sends.filter(({ life }) => life === report.number).length;
  let recorded = 0;
  for (const [name, record] of after) recorded += countAttempts(record, before.get(name));
  if (received > recorded) return [`the server got ${received} requests, ${recorded} are recorded`];
  if (recorded - received > trial.concurrency) {
    return [`${recorded} sends are recorded, the server got ${received}`];
  }
  return [];
}

/** A row that was reported is in the journal with the same end. */
function checkToldRows({ after, report, trial }: LifeEvidence): string[] {
  const steps = ["sort", "answer", "match"].filter(
    (step) =>
      step === "sort" || (step === "match" ? trial.shape.match : trial.shape.answer !== "none"),
  );
  return report.events.flatMap(({ event }) => {
    if (event.kind !== "row-ended") return [];
    const results = steps.map((step) => after.get(`${step} of row ${event.ordinal}`)?.result);
    if (results.some((result) => !result)) {
      return [`row ${event.ordinal} was reported ${event.status}, and is not in the journal`];
    }
    const isFailed = results.some((result) => result?.status === "failed");
    return isFailed === (event.status === "failed")
      ? []
      : [`row ${event.ordinal} was reported ${event.status}, and is not so in the journal`];
  });
}

/** Every reply was paid for: it is recorded, but for those that came as the process died. */
function checkReplies({ after, before, report, sends, trial }: LifeEvidence): string[] {
  const replied = sends.filter(
    ({ life, end }) => life === report.number && end?.kind === "replied",
  ).length;
  const recorded = [...after].filter(
    ([name, record]) =>
      record.result?.text !== undefined &&
      record.result.error?.code !== "malformed-reply" &&
      !isDeepStrictEqual(record.result, before.get(name)?.result),
  ).length;
  const told = report.events.filter(
    ({ event }) => event.kind === "call-ended" && event.status === "done",
  ).length;
  if (told > recorded) return [`${told} results were reported, ${recorded} are recorded`];
  const missing = replied - recorded;
  if (report.died ? missing > trial.concurrency : missing !== 0) {
    return [`${replied} replies came, ${recorded} are recorded`];
  }
  return [];
}

/** A call fails for what happened to it, and for nothing else. */
function checkFailures(evidence: LifeEvidence): string[] {
  const { after, before, deaths, sends, trial } = evidence;
  const foreteller = new PromptForeteller(trial, after);
  return [...after].flatMap(([name, record]) => {
    const { result } = record;
    if (result?.status !== "failed" || before.get(name)?.result?.status === "failed") return [];
    const prompt = foreteller.foretell(name, record);
    const ofPrompt = sends.filter((send) => send.prompt === prompt);
    const count = (...kinds: readonly string[]) =>
      ofPrompt.filter(
        ({ end, endedAtDeath }) =>
          kinds.includes(end?.kind ?? "lost") || (endedAtDeath && kinds.includes("lost")),
      ).length;
    const code = result.error?.code ?? "";
    // A send may be on record and never have been made, once for each death.
    const lost = count("lost") + deaths;
    const isOver = count("refused") + lost >= trial.maxFaults;
    const causes: Readonly<Record<string, boolean>> = {
      "never-answered": lost >= trial.maxFaults,
      unavailable: isOver,
      "timed-out": isOver,
      "malformed-reply": isOver,
      "output-invalid": count("replied") > 0,
      "invalid-request": count("wrong-request") > 0,
      "rows-failed": trial.shape.onRowError === "fail" && record.id.subject.per !== "row",
      "too-large-for-limits": trial.moods.headers === "lying",
    };
    if (causes[code]) return [];
    // What groups and the run ask changes with their rows: its sends cannot all be found again.
    if (record.id.step !== "sort" && causes[code] !== undefined) return [];
    return [`${name} failed with ${code}, and nothing happened that explains it`];
  });
}

/** The first two steps ask what follows from the row, or from what is done already. */
function isAboutRowAlone({ id: { step } }: CallRecord): boolean {
  return step === "sort" || step === "answer";
}

export function isThrough({ summary }: LifeReport): boolean {
  return summary?.status === "completed" || summary?.status === "failed";
}

function countAttempts(record: CallRecord, before: CallRecord | undefined): number {
  const isSame = before !== undefined && contentOf(before) === contentOf(record);
  return record.attempts - (isSame ? before.attempts : 0);
}

function contentOf({ id: { subject } }: CallRecord): string {
  return subject.per === "row" ? subject.content : nameCall({ step: "", subject });
}
