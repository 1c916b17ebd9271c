import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { InvariantError, StorageError } from "../vocabulary/error.ts";
import { GroupCommit } from "./group-commit.ts";

function openTable() {
  const database = new DatabaseSync(":memory:");
  database.exec("CREATE TABLE entry (text TEXT)");
  const insert = database.prepare("INSERT INTO entry VALUES (?)");
  const commits = new GroupCommit(database, "journal.db");
  const add = (text: string) => commits.add(() => insert.run(text));
  const read = () =>
    database
      .prepare("SELECT text FROM entry")
      .all()
      .map((row) => row["text"]);
  return { database, commits, add, read };
}

test("writes of one turn of the event loop share a transaction, and the next turn has its own", async () => {
  const { database, add, read } = openTable();
  const [first, second] = [add("a"), add("b")];
  expect(second).toBe(first);
  expect(read()).toEqual([]);
  await first;
  expect(read()).toEqual(["a", "b"]);
  expect(database.isTransaction).toBe(false);
  expect(add("c")).not.toBe(first);
});

test("a full disk fails all that waits and all that comes, with one error that says what to do", async () => {
  const { database, commits, add, read } = openTable();
  database.exec("PRAGMA max_page_count = 4");
  const waiting = [add("small"), add("x".repeat(100_000))];
  const error = await waiting[0]?.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(StorageError);
  expect(error).toMatchObject({
    message: expect.stringMatching(/journal\.db .* the disk is full .* Make room/),
    cause: { errcode: 13 },
  });
  await expect(waiting[1]).rejects.toBe(error);
  database.exec("PRAGMA max_page_count = 1000");
  await expect(add("later")).rejects.toBe(error);
  expect(() => commits.flush()).toThrow(StorageError);
  expect(read()).not.toContain("later");
});

test("a failure that nobody waits for is told to the next who asks", async () => {
  const { commits } = openTable();
  const cause = new Error("broken");
  void commits.add(() => {
    throw cause;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(() => commits.flush()).toThrow(expect.objectContaining({ cause }));
});

test("nothing is taken after the end, and what waited then is durable", async () => {
  const { commits, add, read } = openTable();
  const waiting = add("a");
  commits.end();
  await waiting;
  expect(read()).toEqual(["a"]);
  await expect(add("b")).rejects.toBeInstanceOf(InvariantError);
});
