/*
 * Measure (a) for numbers whose weights of rows are no whole ones: rows that each of them weighs alike are weighed alike
 * by every combination, so that no sum can be of some of them only.
 */

/** Weights that differ by less than this part of the largest one are the same, but for rounding. */
const ROUNDING = 1e-9;

/**
 * The fewest rows that are told apart from all others.
 *
 * @param weights of each number, one of each row
 */
export function leastAlike(weights: readonly (readonly number[])[]): number {
  const [first] = weights;
  const names = first.map(() => "");
  for (const ofNumber of weights) {
    const most = Math.max(...ofNumber.map(Math.abs));
    const order = [...ofNumber.keys()].sort((a, b) => ofNumber[a] - ofNumber[b]);
    let level = 0;
    order.forEach((row, at) => {
      if (at > 0 && ofNumber[row] - ofNumber[order[at - 1]] > ROUNDING * most) level += 1;
      names[row] += `${level} `;
    });
  }
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Math.min(...counts.values());
}
