import { test } from "node:test";
import { squaredDistance } from "#src/numerics/distances.js";
import { BoundedAssignment } from "#src/numerics/kernels/bounded/bounded-assignment.js";
import { openPotentials, type Potentials } from "#src/numerics/kernels/seeding/potentials.js";
import { type RandomStream, randomStream } from "#src/numerics/random.js";
import { assertSameBits } from "../../../support/values.js";

test("potentials of k-means++ are the sums of the plain formula, bit for bit, wherever the rows lie", () => {
  for (const [n, d, nCandidates] of [
    [5000, 1, 2],
    [3001, 2, 3],
    [1500, 10, 4],
    [1000, 50, 7],
    [50, 784, 5],
  ]) {
    for (const weighted of [false, true]) {
      const random = randomStream(d, "potentials");
      const rows = Float64Array.from({ length: n * d }, () => random.normal());
      const weights = weighted ? Float64Array.from({ length: n }, () => random.uniform()) : null;
      const assignment = BoundedAssignment.open(rows, d, 4, null)!;
      for (const held of [null, assignment.held]) {
        const what = `${n} ${d}, ${held === null ? "copied" : "in place"}`;
        const potentials = openPotentials(rows, d, weights, nCandidates, held);
        const problem = { rows, d, weights, nCandidates };
        checkPotentials(potentials, problem, random, what);
        // What else is laid out in the memory is gone after a restart.
        assignment.assign(rows.slice(0, 4 * d));
        potentials.restart();
        checkPotentials(potentials, problem, random, `${what}, again`);
      }
      assignment.close();
    }
  }
});

function checkPotentials(
  potentials: Potentials,
  problem: { rows: Float64Array; d: number; weights: Float64Array | null; nCandidates: number },
  random: RandomStream,
  what: string,
): void {
  const { rows, d, weights, nCandidates } = problem;
  const n = rows.length / d;
  const closest = new Float64Array(n).fill(Infinity);
  for (let step = 0; step < 4; step++) {
    const row = Math.floor(n * random.uniform());
    potentials.addCentroid(row);
    for (let i = 0; i < n; i++) closest[i] = Math.min(closest[i], squaredDistance(rows, i, rows, row, d));
    assertSameBits(potentials.closest, closest, `closest, ${what}`);
    const candidates = Int32Array.from({ length: nCandidates }, () => Math.floor(n * random.uniform()));
    const expected = Float64Array.from(candidates, (candidate) => {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const weight = weights === null ? 1 : weights[i];
        sum += weight * Math.min(closest[i], squaredDistance(rows, i, rows, candidate, d));
      }
      return sum;
    });
    assertSameBits(potentials.of(candidates).subarray(0, nCandidates), expected, `potentials, ${what}`);
  }
}
