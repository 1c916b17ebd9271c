import fc from "fast-check";
import { expect, test } from "vitest";
import { Spool } from "./spool.ts";

test("what was set aside comes back heap by heap, in the order of its places", () => {
  const entry = fc.record({ heap: fc.nat({ max: 4 }), text: fc.string({ unit: "binary" }) });
  fc.assert(
    fc.property(fc.array(entry), fc.infiniteStream(fc.nat()), (entries, chances) => {
      const spool = new Spool();
      const placed = entries.map(({ heap, text }, place) => ({ heap, place, text }));
      const shuffled = placed
        .map((one) => ({ one, chance: Number(chances.next().value) }))
        .toSorted((a, b) => a.chance - b.chance);
      for (const { one } of shuffled) spool.add(one.heap, one.place, one.text);
      for (let heap = 0; heap <= 4; heap += 1) {
        const expected = placed.filter((one) => one.heap === heap).map(({ text }) => text);
        expect(spool.take(heap)).toEqual(expected);
        expect(spool.take(heap)).toEqual([]);
      }
      spool.close();
    }),
    { numRuns: 50 },
  );
});
