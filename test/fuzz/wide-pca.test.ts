import assert from "node:assert/strict";
import { test } from "node:test";
import { moments } from "#src/numerics/moments.js";
import { principalComponents } from "#src/numerics/principal-components.js";
import { type RandomStream, randomStream } from "#src/numerics/random.js";
import { combineScatters, scatter } from "#src/numerics/scatter.js";
import { scatterProducts } from "#src/numerics/scatter-products.js";
import { WidePcaSearch } from "#src/workflow/transform/wide-pca-search.js";
import { FUZZ_SEED, fuzzCases } from "../support/fuzz.js";

/** Sweeps that nothing so small may take more than. */
const MOST_SWEEPS = 60;

/** Clients of random rows: of some rank, of scales that fall off, with columns that are constant or equal. */
function randomClients(random: RandomStream): { d: number; parts: Float64Array[] } {
  const d = 1 + random.integer(120);
  const rank = 1 + random.integer(Math.max(1, random.uniform() < 0.5 ? d : 4));
  const decay = [1, 0.99, 0.7, 0.3][random.integer(4)];
  const basis = Float64Array.from(
    { length: rank * d },
    (_, i) => random.normal() * decay ** Math.floor(i / d),
  );
  const offset = [0, 1, 1e4][random.integer(3)];
  const source = Int32Array.from({ length: d }, (_, f) =>
    random.uniform() < 0.2 ? random.integer(f + 1) : f,
  );
  const isConstant = Array.from({ length: d }, () => random.uniform() < 0.1);
  const parts = Array.from({ length: 1 + random.integer(4) }, () => {
    const n = 1 + random.integer(random.uniform() < 0.5 ? 6 : 150);
    const shift = random.uniform() < 0.3 ? random.normal() : 0;
    const rows = new Float64Array(n * d);
    for (let i = 0; i < n; i++) {
      const scores = Array.from({ length: rank }, () => random.normal() + shift);
      for (let f = 0; f < d; f++) {
        const from = source[f];
        const value = scores.reduce((sum, score, c) => sum + score * basis[c * d + from], offset);
        rows[i * d + f] = isConstant[f] ? offset : value;
      }
    }
    return rows;
  });
  return { d, parts };
}

test("components found by products of the scatter matrix are those of the matrix itself", () => {
  let nCompared = 0;
  const nCases = fuzzCases(60);
  for (let index = 0; index < nCases; index++) {
    const random = randomStream(FUZZ_SEED, `wide PCA ${index}`);
    const { d, parts } = randomClients(random);
    const total = combineScatters(parts.map((rows) => scatter(rows, d, null)));
    if (total.nSamples < 2 || total.upper.every((value) => value === 0)) continue;
    const what = `case ${index} of seed ${FUZZ_SEED}: ${total.nSamples} x ${d}`;
    const k = 1 + random.integer(Math.min(d, 5));
    const all = principalComponents(total, d);
    // Squares of the numbers that clients send would vanish, or overflow.
    const scale = [1, 1, 2 ** -300, 2 ** 200][random.integer(4)];
    const scaled = parts.map((rows) => rows.map((value) => scale * value));
    const search = new WidePcaSearch(
      scaled.map((rows, i) => ({ client: `${i}`, sent: moments(rows, d, null) })),
      k,
      index,
    );
    for (let sweep = 0; !search.isFound; sweep++) {
      assert.ok(sweep < MOST_SWEEPS, `${what}: residual ${search.residual} after ${sweep} sweeps`);
      const directions = search.directions();
      const answers = scaled.map((rows, i) => ({
        client: `${i}`,
        sent: { nSamples: rows.length / d, products: scatterProducts(rows, d, null, directions) },
      }));
      assert.deepEqual(search.take(answers), []);
    }
    const found = search.components();
    const [largest] = all.explainedVariance;
    for (let c = 0; c < k; c++) {
      const expected = all.explainedVariance[c];
      const difference = Math.abs(found.explainedVariance[c] / scale ** 2 - expected);
      assert.ok(
        difference <= 1e-9 * expected + 1e-11 * largest,
        `${what}: variance ${c} off by ${difference}`,
      );
    }
    const last = all.explainedVariance[k - 1];
    if (k === d || last < 1e-6 * largest || all.explainedVariance[k] >= 0.9 * last) continue;
    nCompared += 1;
    for (let c = 0; c < k; c++) {
      const beyond = found.components.slice(c * d, (c + 1) * d);
      for (let i = 0; i < k; i++) {
        const axis = all.components.subarray(i * d, (i + 1) * d);
        const along = beyond.reduce((sum, value, f) => sum + value * axis[f], 0);
        for (let f = 0; f < d; f++) beyond[f] -= along * axis[f];
      }
      const sine = Math.sqrt(beyond.reduce((sum, value) => sum + value * value, 0));
      assert.ok(sine < 1e-6, `${what}: component ${c} is off by ${sine}`);
    }
  }
  assert.ok(nCompared > nCases / 5, `${nCompared} of ${nCases} have an angle`);
});
