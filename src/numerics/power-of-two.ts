/** Binary exponent up to which a power of two and its inverse are both numbers. */
const LARGEST_EXPONENT = 1000;

/**
 * A power of two near the largest magnitude of some numbers; 1 where all are 0. Divided by it their squares neither
 * overflow nor vanish together, and no digit of them changes. Cost n.
 *
 * @param values finite
 * @example powerOfTwoNear([3, -1000]) // => 1024
 */
export function powerOfTwoNear(values: Iterable<number>): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  if (largest === 0) return 1;
  return 2 ** Math.min(LARGEST_EXPONENT, Math.max(-LARGEST_EXPONENT, Math.round(Math.log2(largest))));
}
