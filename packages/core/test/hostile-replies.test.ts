import { expect, test } from "vitest";
import { startHostileServer } from "../testing/hostile/hostile-server.ts";
import { runHostileTrial } from "../testing/hostile/hostile-trial.ts";

test("whatever servers reply, each row is accounted for, and none is done without its answer", async () => {
  await using server = await startHostileServer();
  const { done, failed, breaches } = await runHostileTrial(server.key.endpoint.baseUrl, 1_000);
  expect(breaches).toEqual([]);
  expect(done + failed).toBe(1_000);
}, 120_000);
