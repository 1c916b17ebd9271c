import { expect, test } from "vitest";
import { keysFromSecrets } from "./keys-from-secrets.ts";

test("named secrets become keys of one limit group", () => {
  const secrets = new Map([
    ["a", "sk-a"],
    ["b", "sk-b\n"],
  ]);
  const { keys } = keysFromSecrets(secrets, { baseUrl: "https://llm.internal/v1" });
  expect(keys.map(({ name, secret }) => [name, secret.reveal()])).toEqual([
    ["a", "sk-a"],
    ["b", "sk-b"],
  ]);
  expect(keys[0]?.limitGroup).toBe(keys[1]?.limitGroup);
  expect(keys[0]?.endpoint.baseUrl).toBe("https://llm.internal/v1");
});

test("secrets that cannot be used are reported together, by the key's name", () => {
  const secrets = new Map([
    ["a", ""],
    ["b c", "sk-b"],
  ]);
  expect(() => keysFromSecrets(secrets)).toThrow('the secret of key "a" is empty');
  expect(() => keysFromSecrets(secrets)).toThrow('"b c": this cannot be the name');
  expect(() => keysFromSecrets(new Map())).toThrow("there is no API key");
});

test("a secret in the place of a name is not shown", () => {
  const secrets = new Map([["sk-CANARY", "a"]]);
  const load = () => keysFromSecrets(secrets);
  expect(load).toThrow("this cannot be the name");
  expect(load).not.toThrow("CANARY");
});
