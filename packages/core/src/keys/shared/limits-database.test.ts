import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openDatabase } from "../../storage/open-database.ts";
import { ForeignLimitsError, LimitsDatabase } from "./limits-database.ts";

function makeFile(sql: string): string {
  const directory = mkdtempSync(join(tmpdir(), "rota-limits-database-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const database = openDatabase(join(directory, "limits.db"));
  database.exec(sql);
  database.close();
  return directory;
}

test("what an older version left is made anew", () => {
  const directory = makeFile(
    "CREATE TABLE salt (value BLOB); CREATE TABLE lanes (id TEXT); PRAGMA user_version = 1",
  );
  const database = new LimitsDatabase(directory);
  expect(database.salt).toHaveLength(32);
  expect(database.prepare("SELECT id, holder, state FROM lanes").all()).toEqual([]);
  database.close();
});

test("the file of a newer version is left as it is", () => {
  const directory = makeFile("PRAGMA user_version = 1000");
  expect(() => new LimitsDatabase(directory)).toThrow(ForeignLimitsError);
});
