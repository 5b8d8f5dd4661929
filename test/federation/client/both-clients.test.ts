import assert from "node:assert/strict";
import { test } from "node:test";
import { bothClients } from "#src/federation/client/both-clients.js";
import { groupsPolicy } from "#src/privacy/policy.js";

function partitionOf(rows: readonly (readonly number[])[]) {
  const { length } = rows;
  return {
    rows: { data: Float64Array.from(rows.flat()), nRows: length, nColumns: rows[0].length },
    featureNames: null,
    labels: null,
    classes: [],
  };
}

test("whoever holds the rows is told of too few of them, and of rare ones that could be proven", () => {
  const few = bothClients("a", partitionOf([[1], [2], [3]]), groupsPolicy(5));
  assert.deepEqual(few.notices, ["3 rows, fewer than a group of 5: it takes part with nothing"]);
  assert.deepEqual([few.points.nSamples, few.rows.nSamples], [0, 3]);
  const one = [...new Array<number[]>(4).fill([0, 7]), [1, 7]];
  const [proven, ...more] = bothClients("a", partitionOf(one), groupsPolicy(5)).notices;
  assert.match(proven, /^5 of 5 rows could be proven to be there/);
  assert.deepEqual(more, []);
  const many = Array.from({ length: 40 }, (_, i) => [Math.sin(i), Math.cos(i * i)]);
  assert.deepEqual(bothClients("a", partitionOf(many), groupsPolicy(5)).notices, []);
  assert.deepEqual(bothClients("a", partitionOf(one), groupsPolicy(1)).notices, []);
});
