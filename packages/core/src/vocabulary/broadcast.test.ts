import { describe, expect, test } from "vitest";
import { Broadcast, toIterable } from "./broadcast.ts";

test("each listener gets all that is sent from when it begins to listen, in order", async () => {
  const broadcast = new Broadcast<number>();
  broadcast.send(0);
  const early = broadcast.listen();
  broadcast.send(1);
  const late = broadcast.listen();
  broadcast.send(2);
  broadcast.end();
  broadcast.send(3);
  expect(await Array.fromAsync(early.take())).toEqual([1, 2]);
  expect(await Array.fromAsync(late.take())).toEqual([2]);
  expect(await Array.fromAsync(broadcast.listen().take())).toEqual([]);
});

test("a listener that waits is woken by a message, and by the end", async () => {
  const broadcast = new Broadcast<string>();
  const messages = broadcast.listen().take();
  const first = messages.next();
  broadcast.send("a");
  expect(await first).toEqual({ value: "a", done: false });
  const end = messages.next();
  broadcast.end();
  expect(await end).toMatchObject({ done: true });
});

test("a failure is thrown behind what was sent before it", async () => {
  const broadcast = new Broadcast<string>();
  const messages = broadcast.listen().take();
  broadcast.send("a");
  broadcast.fail(new Error("broken"));
  expect(await messages.next()).toMatchObject({ value: "a" });
  await expect(messages.next()).rejects.toThrow("broken");
});

describe("an iterable of messages", () => {
  function open() {
    const broadcast = new Broadcast<number>();
    const messages = toIterable<number>(async function* (left) {
      using listener = broadcast.listen(left);
      yield* listener.take();
    });
    return { broadcast, messages };
  }

  test("is listened to by loops that have begun, and by no other", async () => {
    const { broadcast, messages } = open();
    const iterator = messages[Symbol.asyncIterator]();
    expect(broadcast.hasListeners).toBe(false);
    await iterator.return?.();
    expect(broadcast.hasListeners).toBe(false);
    const first = messages[Symbol.asyncIterator]().next();
    expect(broadcast.hasListeners).toBe(true);
    broadcast.send(1);
    expect(await first).toEqual({ value: 1, done: false });
  });

  test("is no longer listened to by a loop that was left", async () => {
    const { broadcast, messages } = open();
    const loop = (async () => {
      for await (const number of messages) if (number === 1) break;
    })();
    broadcast.send(1);
    await loop;
    expect(broadcast.hasListeners).toBe(false);
  });

  test("can be left while the next message is waited for", async () => {
    const { broadcast, messages } = open();
    const iterator = messages[Symbol.asyncIterator]();
    const waiting = iterator.next();
    expect(await iterator.return?.()).toMatchObject({ done: true });
    expect(await waiting).toMatchObject({ done: true });
    expect(broadcast.hasListeners).toBe(false);
  });
});
