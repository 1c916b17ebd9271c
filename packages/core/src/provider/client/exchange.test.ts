import { expect, test, vi } from "vitest";
import { Exchange } from "./exchange.ts";

test("a request that was given up while it waited for a connection is not sent any more", () => {
  const controller = {
    aborted: false,
    paused: false,
    reason: null,
    abort: vi.fn<(reason: Error) => void>(),
    pause() {},
    resume() {},
  };
  new Exchange(AbortSignal.abort()).onRequestStart(controller);
  expect(controller.abort).toHaveBeenCalledOnce();
  new Exchange(new AbortController().signal).onRequestStart(controller);
  expect(controller.abort).toHaveBeenCalledOnce();
});
