import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseScenario } from "./parse-scenario.ts";
import { ScenarioError } from "./scenario-error.ts";

const FOLDER = new URL("../../../../fixtures/scenarios/", import.meta.url);

test.each(readdirSync(FOLDER))("%s is a scenario", (file) => {
  const scenario = parseScenario(readFileSync(new URL(file, FOLDER), "utf8"), file);
  expect(scenario.description).toBeTruthy();
});

test("an empty file is a scenario of defaults", () => {
  expect(parseScenario("", "empty.yml")).toMatchObject({
    seed: 1,
    keys: {},
    unknownKeys: "refuse",
    latency: { kind: "fixed", ms: 0 },
    faults: [],
  });
});

test("all problems are told together, each with its place", () => {
  const text = `
limitGroups:
  project: { requestsPerMinute: -1 }
keys:
  first: { limitGroup: project, colour: red }
faults:
  - { kind: revoked, key: first }
  - { kind: explode }
`;
  expect(() => parseScenario(text, "wrong.yml")).toThrow(
    expect.objectContaining({
      problems: [
        expect.objectContaining({
          path: "limitGroups.project.requestsPerMinute",
          line: 3,
          column: 14,
        }),
        { path: "keys.first.colour", line: 5, column: 33, message: "unknown field" },
        expect.objectContaining({ path: "faults[1].kind", line: 8, column: 7 }),
      ],
    }),
  );
});

test("names that nothing bears are problems too", () => {
  const text = `
keys:
  first: { limitGroup: nowhere }
  second: { secret: sk-sim-first }
faults:
  - { kind: hang, key: [first, third] }
`;
  expect(() => parseScenario(text, "wrong.yml")).toThrow(
    `This simulator scenario cannot be used:
  wrong.yml:3:12: keys.first.limitGroup: there is no limit group "nowhere"
  wrong.yml:4:3: keys.second: the key "first" has the same secret
  wrong.yml:6:19: faults[0].key: there is no key "third"`,
  );
});

test("broken YAML is reported where it breaks", () => {
  expect(() => parseScenario("keys: [", "wrong.yml")).toThrow(/wrong\.yml:1:\d+: /);
});

test("a text too long for a scenario is not even parsed", () => {
  expect(() => parseScenario("[".repeat(100_000), "bomb.yml")).toThrow(ScenarioError);
});
