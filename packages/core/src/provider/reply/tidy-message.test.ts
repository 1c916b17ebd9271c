import { expect, test } from "vitest";
import { createRedaction } from "../../vocabulary/redaction.ts";
import { Secret } from "../../vocabulary/secret.ts";
import { tidyMessage } from "./tidy-message.ts";

const SECRET = "Zq7vCanary51ab04ce77Rm9fQwErTyUi";
const redact = createRedaction([new Secret(SECRET)]);

test("a message becomes one line", () => {
  expect(tidyMessage(" not\n\tgood ", redact)).toBe("not good");
});

test("wherever a message is cut, nothing of a secret is left", () => {
  for (const filler of ["x", " ", "é", "x "]) {
    // Around the cut of what is shown, and around that of what is read.
    for (const length of [500, 20_000]) {
      for (let before = length - SECRET.length - 4; before < length + 4; before += 1) {
        const start = filler.repeat(before / filler.length);
        const message = tidyMessage(`${start}${SECRET} and more`.padEnd(25_000, "y"), redact);
        expect(message.length).toBeLessThanOrEqual(500);
        expect(message).not.toContain(SECRET.slice(0, 4));
      }
    }
  }
});
