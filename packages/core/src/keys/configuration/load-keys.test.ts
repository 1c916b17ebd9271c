import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { KeyRingConfiguration } from "../../vocabulary/named-key.ts";
import { findKeyFile } from "./find-key-file.ts";
import { loadKeys } from "./load-keys.ts";

const directory = mkdtempSync(join(tmpdir(), "rota-load-"));
afterAll(() => rmSync(directory, { recursive: true }));

function show({ keys }: KeyRingConfiguration): string[] {
  return keys.map(({ name, secret, endpoint }) => {
    return `${name} ${secret.reveal()} ${endpoint.baseUrl}`;
  });
}

test("without a key file the environment's keys are taken, default first", () => {
  const environment = {
    OPENAI_API_KEY_TEAM_A: "sk-team",
    OPENAI_API_KEY_10: "sk-ten",
    OPENAI_API_KEY_2: "sk-two",
    OPENAI_API_KEY: "sk-one",
    OPENAI_API_KEY_UNUSED: "",
    OPENAI_API_KEYS: "sk-other",
  };
  expect(show(loadKeys({ environment }))).toEqual([
    "default sk-one https://api.openai.com/v1",
    "2 sk-two https://api.openai.com/v1",
    "10 sk-ten https://api.openai.com/v1",
    "team-a sk-team https://api.openai.com/v1",
  ]);
});

test("the environment's keys share one limit group, and the SDK's other variables", () => {
  const { keys } = loadKeys({
    environment: {
      OPENAI_API_KEY: "sk-one",
      OPENAI_API_KEY_2: "sk-two",
      OPENAI_BASE_URL: "https://llm.internal/v1/",
      OPENAI_ORG_ID: "org-1",
      OPENAI_PROJECT_ID: "proj_1",
    },
  });
  expect(new Set(keys.map(({ limitGroup }) => limitGroup)).size).toBe(1);
  expect(keys[1]?.endpoint).toEqual({
    baseUrl: "https://llm.internal/v1",
    organization: "org-1",
    project: "proj_1",
  });
});

test("everything wrong with the environment is reported together, without showing it", () => {
  const environment = {
    OPENAI_API_KEY: "sk-CANARY two",
    OPENAI_API_KEY_A: "sk-a",
    OPENAI_API_KEY_a: "sk-b",
    OPENAI_API_KEY__B: "sk-c",
    OPENAI_BASE_URL: "ftp://CANARY",
  };
  const load = () => loadKeys({ environment });
  expect(load).toThrow(/OPENAI_BASE_URL: .*not an http or https address/);
  expect(load).toThrow("OPENAI_API_KEY has a character that no key can have");
  expect(load).toThrow('makes a second key named "a"');
  expect(load).toThrow("OPENAI_API_KEY__B: this cannot be the name");
  expect(load).not.toThrow("CANARY");
});

test("no key at all names both ways to give one", () => {
  const environment = { OPENAI_API_KEY: " " };
  expect(() => loadKeys({ environment })).toThrow(
    "Set OPENAI_API_KEY, or name your keys in a key file (rota.keys.yml)",
  );
});

test("an endpoint moves the environment's keys, but never those of a file", () => {
  const file = join(directory, "bound.yml");
  writeFileSync(file, 'keys: { a: { secret: "env:A" } }');
  const environment = { A: "sk-a", OPENAI_API_KEY: "sk-o", OPENAI_BASE_URL: "https://other/v1" };
  const endpoint = { baseUrl: "https://llm.internal/v1" };
  expect(show(loadKeys({ environment, endpoint }))).toEqual([
    "default sk-o https://llm.internal/v1",
  ]);
  expect(() => loadKeys({ file, environment, endpoint })).toThrow("cannot be combined");
});

test("with stand-in secrets no source of a secret is read", () => {
  const file = join(directory, "stand-in.yml");
  writeFileSync(
    file,
    `keys: { a: { secret: "env:UNSET" }, b: { secret: "file:/missing", limitGroup: g } }
limitGroups: { g: { baseUrl: "https://llm.internal/v1", limits: { m: { concurrency: 1 } } } }`,
  );
  const endpoint = { baseUrl: "http://127.0.0.1:1/v1", secretFor: (name: string) => `of-${name}` };
  const loaded = loadKeys({ file, environment: {}, endpoint });
  expect(show(loaded)).toEqual(["a of-a http://127.0.0.1:1/v1", "b of-b http://127.0.0.1:1/v1"]);
  expect(loaded.limits.get("g")).toEqual(new Map([["m", { concurrency: 1 }]]));
  expect(show(loadKeys({ environment: { OPENAI_API_KEY: "sk-real" }, endpoint }))).toEqual([
    "default of-default http://127.0.0.1:1/v1",
  ]);
});

test("a folder's own key file is found", () => {
  expect(findKeyFile(directory)).toBeUndefined();
  writeFileSync(join(directory, "rota.keys.yml"), "");
  expect(findKeyFile(directory)).toBe(join(directory, "rota.keys.yml"));
});
