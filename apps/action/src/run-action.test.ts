import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSimulator } from "@rota/simulator";
import { expect, onTestFinished, test } from "vitest";
import { FILES } from "../test/example.ts";
import { createFakeRunner } from "./fake-runner.ts";
import { runAction } from "./run-action.ts";

/** A workspace with an empty folder beside it, to which the link `linked` leads. */
function makeWorkspace(): { workspace: string; beside: string } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "rota-action-")));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [workspace, beside] = [join(folder, "repository"), join(folder, "beside")];
  for (const path of [workspace, beside, join(workspace, "inside")]) mkdirSync(path);
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(workspace, name), text);
  symlinkSync(beside, join(workspace, "linked"));
  symlinkSync("inside", join(workspace, "linked-inside"));
  return { workspace, beside };
}

// Windows wants a privilege for links.
test.skipIf(process.platform === "win32").each([
  ["a linked folder", "linked/results.csv", 0],
  ["a path beside the workspace", "../beside/results.csv", 0],
  ["a linked folder of the workspace", "linked-inside/results.csv", 3],
])("an output through %s: what leads out of the workspace is refused", async (_, output, sent) => {
  const simulator = await startSimulator({ scenario: { unknownKeys: "accept" } });
  onTestFinished(() => simulator.close());
  const { workspace, beside } = makeWorkspace();
  const runner = createFakeRunner(
    {
      pipeline: join(workspace, "p.yml"),
      rows: join(workspace, "rows.csv"),
      keys: "a=sk-1",
      output: `${join(workspace, output)}\n${join(workspace, "report.md")}`,
      endpoint: simulator.url,
    },
    { GITHUB_WORKSPACE: workspace },
  );
  await runAction(runner);
  expect(simulator.stats().received).toBe(sent);
  expect(existsSync(join(beside, "results.csv"))).toBe(false);
  expect(existsSync(join(workspace, "inside", "results.csv"))).toBe(sent > 0);
  expect(runner.annotations.some(({ message }) => message.includes("leads out of"))).toBe(
    sent === 0,
  );
});
