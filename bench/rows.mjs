import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { randomStream } = require("../dist/numerics/random.js");

/** How far apart clusters of unit spread are. */
export const KINDS = {
  /** Like scikit-learn's make_blobs: centres uniform in a box of side 20. */
  blobs: (random) => 20 * (random.uniform() - 0.5),
  /** Centres about four standard deviations apart, whatever the number of features: no clear answer. */
  overlapping: (random, d) => (4 / Math.sqrt(2 * d)) * random.normal(),
};

/**
 * Gaussian clusters and k of their rows to start from.
 *
 * @returns {{ rows: Float64Array, start: Float64Array }} (n, d) and (k, d) row-major
 */
export function makeRows(n, d, k, kind) {
  const random = randomStream(1, `bench ${n} ${d} ${k} ${kind}`);
  const centres = drawCentres(random, k, d, kind);
  const rows = new Float64Array(n * d);
  drawRows(random, centres, d, rows);
  return { rows, start: rows.slice(0, k * d) };
}

/** @returns {Float64Array} (k, d) row-major */
export function drawCentres(random, k, d, kind) {
  return Float64Array.from({ length: k * d }, () => KINDS[kind](random, d));
}

/** Fills (n, d) rows, each around a centre that is drawn for it. */
export function drawRows(random, centres, d, rows) {
  const k = centres.length / d;
  for (let at = 0; at < rows.length; ) {
    const centre = Math.floor(random.uniform() * k) * d;
    for (let f = 0; f < d; f++) rows[at++] = centres[centre + f] + random.normal();
  }
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
