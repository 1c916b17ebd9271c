/** What one would write without Rota: `node openai-script.ts ROWS.csv RESULTS.jsonl CONCURRENCY`. */
import { readFile, writeFile } from "node:fs/promises";
import { parse } from "csv-parse/sync";
import { OpenAI } from "openai";
import pLimit from "p-limit";

const [rowsFile = "rows.csv", resultsFile = "results.jsonl", concurrency = "32"] =
  process.argv.slice(2);

// Takes OPENAI_API_KEY and OPENAI_BASE_URL, and tries a failed call twice again.
const client = new OpenAI();
const limit = pLimit(Number(concurrency));

const rows = parse<{ prompt: string }>(await readFile(rowsFile), { columns: true });
const results = await limit.map(rows, async (row) => {
  try {
    const { choices, usage } = await client.chat.completions.create({
      model: "gpt-5-mini",
      messages: [
        { role: "system", content: "You answer support tickets in two sentences." },
        { role: "user", content: row.prompt },
      ],
    });
    return { ...row, answer: choices[0]?.message.content, tokens: usage?.total_tokens };
  } catch (error) {
    return { ...row, error: String(error) };
  }
});
await writeFile(resultsFile, results.map((result) => `${JSON.stringify(result)}\n`).join(""));
