import { expect, test } from "vitest";
import { VirtualClock } from "../clock/virtual-clock.ts";
import { RunControl } from "./run-control.ts";

test("an interruption of a run that is finishing anyway cuts off what is in flight after its grace", async () => {
  const clock = new VirtualClock();
  const told: string[] = [];
  const control = new RunControl(clock, ({ kind }) => void told.push(kind));
  control.stop("no-usable-key", "all are revoked");
  await clock.advance(60_000);
  expect(control.aborting.aborted).toBe(false);

  control.stop("interrupted", "Ctrl-C");
  control.stop("interrupted", "Ctrl-C");
  await clock.advance(2_999);
  expect(control.aborting.aborted).toBe(false);
  await clock.advance(2);
  expect(control.aborting.aborted).toBe(true);
  expect(control.stopped?.reason).toBe("no-usable-key");
  expect(told).toEqual(["run-stopping"]);
});
