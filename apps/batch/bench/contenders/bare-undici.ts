/**
 * The least that the calls can cost: no rows are parsed, no failure is handled, nothing is kept but
 * the answers. `node bare-undici.ts ROWS.csv RESULTS.jsonl CONCURRENCY`
 */
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import pLimit from "p-limit";

interface Undici {
  readonly request: (
    url: string,
    options: { method: string; headers: Record<string, string>; body: string },
  ) => Promise<{ body: { text(): Promise<string> } }>;
}

// The very undici that the engine has.
const { request }: Undici = createRequire(import.meta.resolve("@rota/core"))("undici");

const [rowsFile = "rows.csv", resultsFile = "results.jsonl", concurrency = "32"] =
  process.argv.slice(2);
const limit = pLimit(Number(concurrency));
const url = `${process.env["OPENAI_BASE_URL"]}/chat/completions`;
const headers = {
  authorization: `Bearer ${process.env["OPENAI_API_KEY"]}`,
  "content-type": "application/json",
};

const [, ...prompts] = (await readFile(rowsFile, "utf8")).trimEnd().split("\n");
const answers = await limit.map(prompts, async (prompt) => {
  const messages = [
    { role: "system", content: "You answer support tickets in two sentences." },
    { role: "user", content: prompt },
  ];
  const body = JSON.stringify({ model: "gpt-5-mini", messages });
  const reply = await request(url, { method: "POST", headers, body });
  const { choices } = JSON.parse(await reply.body.text());
  return `${JSON.stringify({ answer: choices[0].message.content })}\n`;
});
await writeFile(resultsFile, answers.join(""));
