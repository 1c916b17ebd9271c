import { array, assert, integer, property, record } from "fast-check";
import { expect, test } from "vitest";
import { CompactMap } from "./compact-map.ts";

test("answers as a Map does, however far it grows", () => {
  // Few distinct halves, so that hashes share slots and lower halves.
  const half = integer({ min: 0, max: 40 }).map((n) => (n * 0x9e3779b1) >>> 0);
  const entry = record({
    high: half,
    low: half,
    value: integer({ min: 1, max: 2 ** 32 - 1 }),
  });
  assert(
    property(array(entry, { maxLength: 400 }), (entries) => {
      const compact = new CompactMap();
      const model = new Map<string, number>();
      for (const { high, low, value } of entries) {
        expect(compact.get(high, low)).toBe(model.get(`${high}:${low}`) ?? 0);
        compact.set(high, low, value);
        model.set(`${high}:${low}`, value);
      }
      for (const { high, low } of entries) {
        expect(compact.get(high, low)).toBe(model.get(`${high}:${low}`));
      }
    }),
  );
});
