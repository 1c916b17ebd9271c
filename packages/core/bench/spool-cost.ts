/**
 * What it costs to set rows aside until their group is whole, and to take them back.
 *
 *     node packages/core/bench/spool-cost.ts [ROWS] [GROUPS]
 */
import { Spool } from "../src/storage/spool.ts";

const [rows = 100_000, groups = 500] = process.argv.slice(2).map(Number);
const spool = new Spool();
const memoryBefore = process.memoryUsage().rss;

let begunAt = performance.now();
for (let row = 0; row < rows; row++) {
  spool.add(row % groups, row, JSON.stringify({ id: row, row: { body: "x".repeat(200) } }));
}
report("set aside");

begunAt = performance.now();
let taken = 0;
for (let group = 0; group < groups; group++) taken += spool.take(group).length;
report("taken back");
if (taken !== rows) throw new Error(`${taken} of ${rows} came back.`);

function report(what: string): void {
  const elapsedMs = performance.now() - begunAt;
  const grownBy = (process.memoryUsage().rss - memoryBefore) / 2 ** 20;
  console.log(
    `${rows} rows ${what}: ${((elapsedMs / rows) * 1000).toFixed(1)} µs each, ${grownBy.toFixed(0)} MB`,
  );
}
