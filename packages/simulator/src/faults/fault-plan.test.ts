import { expect, test } from "vitest";
import { faultSchema, type FaultInput } from "../scenario/fault-schema.ts";
import { FaultPlan, type RequestFacts } from "./fault-plan.ts";

function makePlan(...faults: FaultInput[]): FaultPlan {
  const complete = faults.map((fault) => faultSchema.parse(fault));
  return new FaultPlan(complete, 1);
}

function makeRequest(changes: Partial<RequestFacts> = {}): RequestFacts {
  return {
    key: "first",
    limitGroup: "project",
    model: "gpt-5-mini",
    messages: [{ role: "user", texts: ["A ticket about billing"] }],
    elapsedMs: 0,
    keyRequests: 1,
    serverRequests: 1,
    content: 1,
    attempt: 1,
    ...changes,
  };
}

test.each<[string, FaultInput, Partial<RequestFacts>, Partial<RequestFacts>]>([
  ["key", { kind: "hang", key: ["second", "first"] }, {}, { key: "third" }],
  ["limit group", { kind: "hang", limitGroup: "project" }, {}, { limitGroup: "other" }],
  ["model", { kind: "hang", model: "gpt-5-mini" }, {}, { model: undefined }],
  ["text", { kind: "hang", containsText: "billing" }, {}, { messages: [] }],
  ["time after", { kind: "hang", afterSeconds: 5 }, { elapsedMs: 5_000 }, { elapsedMs: 4_999 }],
  ["time until", { kind: "hang", untilSeconds: 5 }, { elapsedMs: 4_999 }, { elapsedMs: 5_000 }],
  [
    "requests after",
    { kind: "hang", afterRequests: 5 },
    { serverRequests: 6 },
    { serverRequests: 5 },
  ],
  [
    "requests until",
    { kind: "hang", untilRequests: 5 },
    { serverRequests: 5 },
    { serverRequests: 6 },
  ],
])("a fault hits a request by its %s", (_, fault, hit, spared) => {
  const plan = makePlan(fault);
  expect(plan.pick(makeRequest(hit))?.kind).toBe("hang");
  expect(plan.pick(makeRequest(spared))).toBeUndefined();
});

test("a fault of one key counts that key's requests, unless told otherwise", () => {
  const request = makeRequest({ keyRequests: 1, serverRequests: 100 });
  const fault = { kind: "revoked", key: "first", afterRequests: 50 } as const;
  expect(makePlan(fault).pick(request)).toBeUndefined();
  expect(makePlan({ ...fault, countPer: "server" }).pick(request)).toBeDefined();
});

test("a share of the requests is hit, always the same ones", () => {
  const plan = makePlan({ kind: "reset", share: 0.2 });
  const listHits = (attempt: number) =>
    Array.from({ length: 1_000 }, (_, content) => content).filter((content) =>
      plan.pick(makeRequest({ content, attempt })),
    );
  expect(listHits(1).length).toBeGreaterThan(150);
  expect(listHits(1).length).toBeLessThan(250);
  expect(listHits(1)).toEqual(listHits(1));
  expect(listHits(1)).not.toEqual(listHits(2));
});

test("a fault of the content hits every attempt at it", () => {
  const plan = makePlan({ kind: "content-filter", share: 0.5 });
  for (let content = 0; content < 100; content += 1) {
    const first = plan.pick(makeRequest({ content, attempt: 1 }));
    expect(plan.pick(makeRequest({ content, attempt: 2 }))).toBe(first);
  }
});

test("the first fault that matches hits, and an added one comes before all", () => {
  const plan = makePlan({ kind: "hang" }, { kind: "reset" });
  expect(plan.pick(makeRequest())?.kind).toBe("hang");
  plan.add(faultSchema.parse({ kind: "revoked" }));
  expect(plan.pick(makeRequest())?.kind).toBe("revoked");
});
