import assert from "node:assert/strict";
import { test } from "node:test";
import { BoundedAssignment } from "#src/numerics/kernels/bounded/bounded-assignment.js";
import { BlockwiseAssignment } from "#src/numerics/kernels/direct/blockwise-assignment.js";
import { sharedKernels } from "#src/numerics/kernels/memory/instance.js";
import { meansFromSums } from "#src/numerics/means.js";
import { openAssignment } from "#src/numerics/open-assignment.js";
import { assignAsReference } from "../../support/assignment.js";
import { gaussianClusters } from "../../support/matrices.js";

const D = 20_000;
const N = 30;

test("few rows of many features are assigned as by the reference, in memory in proportion to them", () => {
  const rows = gaussianClusters("wide rows", N, D, 5, 0.1);
  const before = sharedKernels().buffer.byteLength;
  for (const k of [1, 3, 16]) {
    for (const open of [
      () => openAssignment(rows, D, k, null),
      () => new BlockwiseAssignment(rows, D, k, null),
      () => BoundedAssignment.open(rows, D, k, null)!,
    ]) {
      const assignment = open();
      let means: Float64Array = rows.slice(0, k * D);
      for (const round of [1, 2]) {
        const problem = { rows, weights: null };
        const { sums, counts } = assignAsReference(assignment, problem, D, means, `${k}, round ${round}`);
        means = meansFromSums(sums, counts, means);
      }
      assignment.close();
    }
  }
  const grown = sharedKernels().buffer.byteLength - before;
  assert.ok(grown < 8 * rows.byteLength, `${grown} bytes for ${rows.byteLength} of rows`);
});
