import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, expect, test } from "vitest";
import { ProblemsError } from "../../vocabulary/problem.ts";
import { readKeyFile } from "./read-key-file.ts";

const directory = mkdtempSync(join(tmpdir(), "rota-keys-"));
afterAll(() => rmSync(directory, { recursive: true }));

function writeFile(name: string, content: string): string {
  const file = join(directory, name);
  writeFileSync(file, content);
  return file;
}

function catchError(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** Everything that is said about a key file, as `line: message -> remedy`. */
function complain(content: string, environment: Record<string, string> = {}): string[] {
  const file = writeFile("rota.keys.yml", content);
  const error = catchError(() => readKeyFile(file, environment));
  if (error === undefined) return [];
  if (!(error instanceof ProblemsError)) throw error;
  return error.problems.map(
    ({ position, message, remedy }) => `${position?.line}: ${message} -> ${remedy}`,
  );
}

test("a key file becomes keys with secrets, endpoints and limits", () => {
  writeFile("b.secret", "sk-b\n");
  const file = writeFile(
    "rota.keys.yml",
    `keys:
  support-a: { secret: "env:SUPPORT_A_KEY", limitGroup: support, models: [gpt-5-mini] }
  support-b: { secret: "file:b.secret", limitGroup: support }
  research:  { secret: "env:RESEARCH_KEY" }
limitGroups:
  support:
    project: proj_123
    limits: { gpt-5-mini: { requestsPerMinute: 500, concurrency: 64 }, "*": { tokensPerMinute: 9 } }
  research:
    baseUrl: https://llm.internal/v1/
`,
  );
  const { keys, limits } = readKeyFile(file, { SUPPORT_A_KEY: "sk-a", RESEARCH_KEY: " sk-r " });
  const openai = {
    baseUrl: "https://api.openai.com/v1",
    organization: undefined,
    project: "proj_123",
  };
  expect(keys.map(({ secret }) => secret.reveal())).toEqual(["sk-a", "sk-b", "sk-r"]);
  expect(keys).toMatchObject([
    {
      name: "support-a",
      limitGroup: "support",
      endpoint: openai,
      models: ["gpt-5-mini"],
    },
    { name: "support-b", limitGroup: "support", endpoint: openai, models: undefined },
    {
      name: "research",
      limitGroup: "research",
      endpoint: { baseUrl: "https://llm.internal/v1", organization: undefined, project: undefined },
    },
  ]);
  expect(limits.get("support")).toEqual(
    new Map([
      ["gpt-5-mini", { requestsPerMinute: 500, concurrency: 64 }],
      ["*", { tokensPerMinute: 9 }],
    ]),
  );
});

test("a group that only keys name is shared, without limits or endpoint of its own", () => {
  const file = writeFile(
    "rota.keys.yml",
    'keys: { a: { secret: "env:A", limitGroup: g }, b: { secret: "env:B", limitGroup: g } }',
  );
  const { keys, limits } = readKeyFile(file, { A: "sk-a", B: "sk-b" });
  expect(keys.map(({ limitGroup }) => limitGroup)).toEqual(["g", "g"]);
  expect(limits.size).toBe(0);
});

test("the environment cannot move the keys of a file to another server", () => {
  const file = writeFile("rota.keys.yml", 'keys: { a: { secret: "env:A" } }');
  const { keys } = readKeyFile(file, { A: "sk-a", OPENAI_BASE_URL: "https://evil.example/v1" });
  expect(keys[0]?.endpoint.baseUrl).toBe("https://api.openai.com/v1");
});

test("all secrets that cannot be used are reported together", () => {
  writeFile("two.secret", "sk-1\nsk-2\n");
  const text = `keys:
  unset: { secret: "env:UNSET" }
  empty: { secret: "env:EMPTY" }
  missing: { secret: "file:missing.secret" }
  two: { secret: "file:two.secret" }
  header: { secret: "env:HEADER" }
`;
  expect(complain(text, { EMPTY: " ", HEADER: "sk-ä" })).toEqual([
    '2: the variable of "env:UNSET" is not set -> Set it to the key',
    '3: the secret of "env:EMPTY" is empty -> Set it to the key',
    '4: the secret of "file:missing.secret" cannot be read: the file does not exist -> Check the path',
    '5: the secret of "file:two.secret" has more than one line -> Keep one key in it, on one line',
    '6: the secret of "env:HEADER" has a character that no key can have -> Copy the key again, without spaces, quotes or backslashes',
  ]);
});

test("a variable that only the object of the environment has is not set", () => {
  const text = 'keys: { a: { secret: "env:constructor" }, b: { secret: "env:__proto__" } }';
  expect(complain(text)).toEqual([
    '1: the variable of "env:constructor" is not set -> Set it to the key',
    '1: the variable of "env:__proto__" is not set -> Set it to the key',
  ]);
});

test("a source that does not exist is answered with those that do", () => {
  const remedy = 'Write "env:VARIABLE" for an environment variable, or "file:PATH" for a file';
  expect(complain('keys: { a: { secret: "exec:op read it" }, b: { secret: "file:" } }')).toEqual([
    `1: "exec:" is not a source of secrets -> ${remedy}`,
    `1: "file:" must be followed by a path -> ${remedy}`,
  ]);
  expect(complain('keys: { a: { secret: "env:$KEY" } }')[0]).toContain("name of a variable");
});

test.each([
  'keys: { a: { secret: "sk-proj-CANARYcanary" } }',
  "keys:\n  a: { secret: CANARY-canary }\n",
  "keys: { a: { secret: 'CANARY canary', limits: 5 } }",
  "keys: { a: { secert: 0123456789abcdefCANARY0123456789abcdef } }",
  "keys: { a: sk-CANARYcanary }",
  "keys: { sk-CANARYcanary: { secret: env:A } }",
  "keys: { sk-CANARYcanary: 5 }",
  "keys:\n  a: { secret: CANARY-canary\n",
  "keys:\n\tsecret: 'CANARY canary'\n",
  'keys: { a: { secret: "env:A" } }\nlimitGroups: { a: { baseUrl: "https://me:CANARY@host/v1" } }',
])("a secret written into the file is refused and not shown: %s", (text) => {
  const file = writeFile("rota.keys.yml", text);
  const error = catchError(() => readKeyFile(file, { A: "sk-a" }));
  expect(error).toBeInstanceOf(ProblemsError);
  expect(inspect(error, { depth: 9 })).not.toContain("CANARY");
});

test("a limit group that no key is in is most likely misspelt", () => {
  const text = `keys: { a: { secret: "env:A", limitGroup: suport } }
limitGroups:
  support: {}
  other: {}
`;
  expect(complain(text, { A: "sk-a" })).toEqual([
    '3: no key is in the limit group "support" -> A key names "suport"; write the same in both places',
    '4: no key is in the limit group "other" -> Name it as the limitGroup of a key, or remove it',
  ]);
});

test("two names for one key are refused, unless it serves different projects", () => {
  const keys = 'a: { secret: "env:A" }, b: { secret: "env:B" }';
  const environment = { A: "sk-same", B: "sk-same" };
  expect(complain(`keys: { ${keys} }`, environment)).toEqual([
    '1: "b" has the same secret as "a" -> Give it a secret of its own, or keep one of the two',
  ]);
  expect(complain(`keys: { ${keys} }\nlimitGroups: { a: { project: p } }`, environment)).toEqual(
    [],
  );
});

test("what does not work yet is an unknown field, found together with the rest", () => {
  const text = 'keys: { a: { secret: "env:A", weight: 2 } }\nstrategy: adaptive\n';
  expect(complain(text)).toEqual([
    '1: unknown field "weight" -> Remove it; "a" may have: secret, limitGroup, models',
    '2: unknown field "strategy" -> Remove it; the file may have: keys, limitGroups',
    '1: the variable of "env:A" is not set -> Set it to the key',
  ]);
});

test("a file without keys says so", () => {
  expect(complain("keys: {}")).toEqual(['1: the file has no key -> Add one under "keys"']);
});
