import assert from "node:assert/strict";
import { test } from "node:test";
import { squaredDistance } from "#src/numerics/distances.js";
import { BoundedAssignment } from "#src/numerics/kernels/bounded/bounded-assignment.js";
import { BlockwiseAssignment } from "#src/numerics/kernels/direct/blockwise-assignment.js";
import { sharedKernels } from "#src/numerics/kernels/memory/instance.js";
import { meansFromSums } from "#src/numerics/means.js";
import { openAssignment } from "#src/numerics/open-assignment.js";
import { silhouetteSum } from "#src/numerics/silhouette.js";
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

test("the exact silhouette is bit for bit the plain formula's, for any number of rows", () => {
  const k = 3;
  for (const [n, d] of [
    [5, 2],
    [22, 7],
    [1030, 1],
    [150, 300],
  ]) {
    const rows = gaussianClusters(`silhouette ${n}`, n, d, k, 2);
    const labels = Int32Array.from({ length: n }, (_, i) => (i * i) % k);
    const sizes = [0, 1, 2].map((c) => labels.filter((label) => label === c).length);
    let expected = 0;
    for (let i = 0; i < n; i++) {
      const sums = [0, 0, 0];
      for (let j = 0; j < n; j++) sums[labels[j]] += Math.sqrt(squaredDistance(rows, i, rows, j, d));
      const own = labels[i];
      if (sizes[own] < 2) continue;
      const within = sums[own] / (sizes[own] - 1);
      const between = Math.min(
        ...[0, 1, 2].filter((c) => c !== own && sizes[c] > 0).map((c) => sums[c] / sizes[c]),
      );
      expected += (between - within) / Math.max(within, between);
    }
    const all = { rows, labels, weights: null };
    assert.equal(silhouetteSum(all, all, d, k), expected);
  }
});
