import type { Matrix } from "../numerics/matrix.js";

/** Decimal digits of points, of how far they reach: rounding errors are some ten-thousandths of the last. */
const DIGITS = 10;

/**
 * Rounds each feature of points to a grid that follows from the points: multiples of a power of ten, ten digits below how
 * far they reach. In the bits beyond, the rounding of a mean tells of the order in which its rows were added up, and so of
 * single ones. Points that were rounded before stay what they are.
 */
export function roundTogether({ data, nColumns: d }: Matrix): void {
  for (let j = 0; j < d; j++) {
    let low = data[j];
    let high = data[j];
    for (let i = j; i < data.length; i += d) {
      low = Math.min(low, data[i]);
      high = Math.max(high, data[i]);
    }
    const most = Math.max(high, -low);
    // Of points that lie close together, far from 0, more digits are kept.
    const reach = low === high ? most : Math.max(high / 1000 - low / 1000, most / 1e6) * 1000;
    if (reach === 0) continue;
    const decimals = DIGITS - exponentOf(Math.min(reach, Number.MAX_VALUE));
    for (let i = j; i < data.length; i += d) data[i] = rounded(data[i], decimals);
  }
}

/** @param decimals how many to keep; below 0: how many digits before the point to drop */
function rounded(x: number, decimals: number): number {
  // Powers of ten up to 10^22 are exact, and so is either step but for the rounding that is wanted.
  if (decimals >= 0 && decimals <= 22) return Math.round(x * 10 ** decimals) / 10 ** decimals + 0;
  const digits = x === 0 ? 0 : exponentOf(x) + decimals + 1;
  return digits < 1 ? 0 : Number(x.toPrecision(digits));
}

/** Of ten, of the number's first digit; by its text, as logarithms differ from host to host. */
function exponentOf(x: number): number {
  const text = x.toExponential();
  return Number(text.slice(text.indexOf("e") + 1));
}
