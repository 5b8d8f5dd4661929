import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { readWhole } from "#src/data/formats/read-whole.js";
import { readNpy, writeNpy } from "#src/directory/npy.js";
import { kMeansFrom } from "#src/numerics/k-means.js";
import { BoundedAssignment } from "#src/numerics/kernels/bounded/bounded-assignment.js";
import { BlockwiseAssignment } from "#src/numerics/kernels/direct/blockwise-assignment.js";
import { borrowFloats, heldRows } from "#src/numerics/kernels/memory/held-rows.js";
import { totalSumOfSquares } from "#src/numerics/kernels/statistics/sum-of-squares.js";
import { meansFromSums } from "#src/numerics/means.js";
import { openAssignment } from "#src/numerics/open-assignment.js";
import { randomStream } from "#src/numerics/random.js";
import { assignAsReference } from "../../../support/assignment.js";
import { temporaryFolder } from "../../../support/temporary.js";

const D = 9;
const N = 120_000;

/** Rows as a large file gives them, which lie in a memory of the kernels; and the same rows elsewhere. */
function rowsOfFile(t: TestContext): { held: Float64Array; plain: Float64Array } {
  const random = randomStream(1, "held rows");
  const plain = Float64Array.from({ length: N * D }, () => random.normal());
  const path = join(temporaryFolder(t), "rows.npy");
  writeFileSync(path, writeNpy({ shape: [N, D], data: plain }));
  return { held: readNpy(readWhole(path), path).data as Float64Array, plain };
}

test("rows of a large file are worked on where they were read to", (t) => {
  const { held, plain } = rowsOfFile(t);
  assert.ok(heldRows(held) !== null);
  assert.equal(heldRows(plain), null);
  assert.deepEqual(held, plain);
  assert.equal(totalSumOfSquares(held, D, null), totalSumOfSquares(plain, D, null));
  // All distances; bounds of groups; a bound for each centroid.
  for (const [k, kind] of [
    [5, BlockwiseAssignment],
    [40, BoundedAssignment],
    [9, BoundedAssignment],
  ] as const) {
    const assignment =
      kind === BoundedAssignment
        ? BoundedAssignment.open(held, D, k, null)!
        : new BlockwiseAssignment(held, D, k, null);
    let means: Float64Array = held.slice(0, k * D);
    for (let round = 0; round < 3; round++) {
      const problem = { rows: held, weights: null };
      const { sums, counts } = assignAsReference(assignment, problem, D, means, `${k}, round ${round}`);
      means = meansFromSums(sums, counts, means);
    }
    assignment.close();
  }
  assert.deepEqual(held, plain);
});

test("several assignments of the same rows do not disturb one another", (t) => {
  const { held } = rowsOfFile(t);
  const ks = [40, 30, 6];
  const assignments = ks.map((k) => openAssignment(held, D, k, null));
  const starts: Float64Array[] = ks.map((k) => held.slice(50 * D, (50 + k) * D));
  for (let round = 0; round < 3; round++) {
    for (const [i, assignment] of assignments.entries()) {
      const problem = { rows: held, weights: null };
      const found = assignAsReference(assignment, problem, D, starts[i], `${ks[i]}, round ${round}`);
      starts[i] = meansFromSums(found.sums, found.counts, starts[i]);
    }
    // In between, others use the memory and give it back.
    kMeansFrom(held, D, held.slice(0, 35 * D), { maxIterations: 1, tolerance: 1e-3 });
  }
});

test("where more centroids come than there is room for, there will be room", (t) => {
  const { held } = rowsOfFile(t);
  const assignment = BoundedAssignment.open(held, D, 30, null)!;
  for (const k of [30, 4000, 30]) {
    const few = held.subarray(0, 3000 * D);
    assignment.assign(held.slice(0, k * D));
    const expected = openAssignment(few, D, k, null);
    expected.assign(held.slice(0, k * D));
    assert.deepEqual(assignment.labels.subarray(0, 3000), expected.labels);
  }
});

test("borrowed memory is worked on in place, and is the next one's once it is given back", (t) => {
  const { plain } = rowsOfFile(t);
  const start = plain.slice(0, 30 * D);
  const options = { maxIterations: 3, tolerance: 0 };
  const expected = kMeansFrom(plain, D, start, options);
  let last: ArrayBufferLike | null = null;
  for (const share of [1, 0.9, 1]) {
    const { rows, giveBack } = borrowFloats(plain.length * share);
    if (last !== null) assert.equal(rows.buffer, last);
    last = rows.buffer;
    rows.set(plain.subarray(0, rows.length));
    assert.ok(heldRows(rows) !== null);
    if (share === 1) assert.deepEqual(kMeansFrom(rows, D, start, options), expected);
    assert.deepEqual(rows, plain.subarray(0, rows.length));
    giveBack();
    assert.equal(heldRows(rows), null);
  }
  // Two at a time are two.
  const two = [borrowFloats(plain.length), borrowFloats(plain.length)];
  assert.notEqual(two[0].rows.buffer, two[1].rows.buffer);
  for (const { giveBack } of two) giveBack();
});
