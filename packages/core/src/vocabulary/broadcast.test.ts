import { expect, test } from "vitest";
import { Broadcast } from "./broadcast.ts";

test("each listener gets all that is sent from when it begins to listen, in order", async () => {
  const broadcast = new Broadcast<number>();
  broadcast.send(0);
  const early = broadcast.listen();
  broadcast.send(1);
  const late = broadcast.listen();
  broadcast.send(2);
  broadcast.end();
  broadcast.send(3);
  expect(await Array.fromAsync(early)).toEqual([1, 2, 3]);
  expect(await Array.fromAsync(late)).toEqual([2, 3]);
  expect(broadcast.hasListeners).toBe(false);
});

test("a listener that waits is woken by a message, and by the end", async () => {
  const broadcast = new Broadcast<string>();
  const listener = broadcast.listen();
  const first = listener.next();
  broadcast.send("a");
  expect(await first).toEqual({ value: "a", done: false });
  const end = listener.next();
  broadcast.end();
  expect(await end).toMatchObject({ done: true });
});

test("a failure is thrown behind what was sent before it", async () => {
  const broadcast = new Broadcast<string>();
  const listener = broadcast.listen();
  broadcast.send("a");
  broadcast.fail(new Error("broken"));
  expect(await listener.next()).toMatchObject({ value: "a" });
  await expect(listener.next()).rejects.toThrow("broken");
});

test("a listener that has left is not kept for", async () => {
  const broadcast = new Broadcast<number>();
  const listener = broadcast.listen();
  broadcast.send(1);
  for await (const number of listener) if (number === 1) break;
  expect(broadcast.hasListeners).toBe(false);
});
