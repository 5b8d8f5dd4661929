import { BLOCK_ROWS } from "./blocks.js";
import { DIRECTION_LANES as LANES } from "./kernels/constants.js";
import { openBlocks } from "./kernels/statistics/blocks.js";
import { countRows } from "./matrix.js";
import { meanRow } from "./moments.js";

/**
 * The scatter matrix of rows about their own mean times some directions, without the matrix; a row of weight w counts
 * as w rows. Cost n * d * q.
 *
 * @param rows (n, d) row-major, n >= 1
 * @param d number of features
 * @param weights (n,) non-negative with a positive sum, or null for 1 each
 * @param directions (q, d) row-major
 * @returns (q, d) row-major: for each direction v, the weighted sum of (x - mean) ((x - mean) . v)
 * @throws RangeError if the numbers make no whole rows
 * @example scatterProducts(Float64Array.of(0, 0, 2, 4), 2, null, Float64Array.of(1, 0)) // => [2, 4]
 */
export function scatterProducts(
  rows: Float64Array,
  d: number,
  weights: Float64Array | null,
  directions: Float64Array,
): Float64Array {
  const q = countRows(directions, d);
  const mean = meanRow(rows, d, weights);
  const products = new Float64Array(q * d);
  const panelBytes = d * LANES * 8;
  const { kernels, at, view, forEach } = openBlocks(rows, d, weights, {
    mean: d * 8,
    panels: Math.ceil(q / LANES) * panelBytes,
    projections: Math.min(countRows(rows, d), BLOCK_ROWS) * LANES * 8,
    ofBlock: panelBytes,
  });
  view("mean", d).set(mean);
  const panels = view("panels", Math.ceil(q / LANES) * d * LANES).fill(0);
  for (let v = 0; v < q; v++) {
    const panel = (v - (v % LANES)) * d + (v % LANES);
    for (let f = 0; f < d; f++) panels[panel + f * LANES] = directions[v * d + f];
  }
  const ofBlock = view("ofBlock", d * LANES);
  forEach((block) => {
    for (let first = 0; first < q; first += LANES) {
      ofBlock.fill(0);
      const panel = at.panels + (first / LANES) * panelBytes;
      kernels.addProjected(block, at.mean, panel, at.projections, at.ofBlock);
      for (let v = first; v < Math.min(q, first + LANES); v++) {
        for (let f = 0; f < d; f++) products[v * d + f] += ofBlock[f * LANES + v - first];
      }
    }
  });
  return products;
}
