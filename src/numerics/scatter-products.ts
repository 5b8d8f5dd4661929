import { BLOCK_ROWS } from "./blocks.js";
import { openBlocks } from "./kernels/statistics/blocks.js";
import { countRows } from "./matrix.js";
import { columnMeans } from "./moments.js";

/** Directions that the kernel takes side by side. */
const LANES = 4;

/**
 * The scatter matrix of rows about their own mean times some directions, without the matrix. Cost n * d * q.
 *
 * @param rows (n, d) row-major, n >= 1
 * @param d number of features
 * @param directions (q, d) row-major
 * @returns (q, d) row-major: for each direction v, the sum of (x - mean) ((x - mean) . v)
 */
export function scatterProducts(rows: Float64Array, d: number, directions: Float64Array): Float64Array {
  const q = countRows(directions, d);
  const origin = rows.slice(0, d);
  const mean = columnMeans(rows, origin).map((shift, f) => origin[f] + shift);
  const products = new Float64Array(q * d);
  const panelBytes = d * LANES * 8;
  const { kernels, at, view, forEach } = openBlocks(rows, d, {
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
  forEach((address, m) => {
    for (let first = 0; first < q; first += LANES) {
      ofBlock.fill(0);
      const panel = at.panels + (first / LANES) * panelBytes;
      kernels.addProjected(address, m, d, at.mean, panel, at.projections, at.ofBlock);
      for (let v = first; v < Math.min(q, first + LANES); v++) {
        for (let f = 0; f < d; f++) products[v * d + f] += ofBlock[f * LANES + v - first];
      }
    }
  });
  return products;
}
