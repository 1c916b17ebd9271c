import { expect, test } from "vitest";
import { rephraseCommand } from "./rephrase-command.ts";

test("the command is given back as typed, ready to paste", () => {
  const typed = ["run", "my pipeline.yml", "it's.csv", "-o", "out.csv"];
  expect(rephraseCommand(typed, {})).toBe(
    String.raw`rota run 'my pipeline.yml' 'it'\''s.csv' -o out.csv`,
  );
});

test("who came by npm is answered with npx", () => {
  expect(rephraseCommand(["run", "p.yml", "r.csv"], { npm_execpath: "/npm" })).toBe(
    "npx rota run p.yml r.csv",
  );
});

test("an option is taken out with its value, however it was written", () => {
  const changes = { without: ["--simulate", "--fresh"], values: ["s.yml"] };
  for (const words of [["--simulate", "s.yml"], ["--simulate=s.yml"], ["--simulate"]]) {
    const typed = ["run", "p.yml", "s.yml", "--fresh", ...words];
    expect(rephraseCommand(typed, {}, changes)).toBe("rota run p.yml s.yml");
  }
});
