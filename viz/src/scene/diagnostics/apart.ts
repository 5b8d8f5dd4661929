/**
 * Moves places apart, in their order and as little as may be, so that neighbours are no nearer than a distance.
 *
 * @param places ascending
 * @param low where the first may be; where there is not room for all, the distance gives way
 */
export function apart(places: readonly number[], distance: number, low: number, high: number): number[] {
  const step = Math.min(distance, places.length > 1 ? (high - low) / (places.length - 1) : distance);
  // Places that touch become a cluster with one offset: its own mean, as least squares has it.
  const groups: { sum: number; count: number; at: number }[] = [];
  for (const [i, place] of places.entries()) {
    let group = { sum: place - i * step, count: 1, at: 0 };
    group.at = clamped(group.sum);
    for (let last = groups.at(-1); last !== undefined && last.at > group.at; last = groups.at(-1)) {
      groups.pop();
      group = { sum: last.sum + group.sum, count: last.count + group.count, at: 0 };
      group.at = clamped(group.sum / group.count);
    }
    groups.push(group);
  }
  return groups.flatMap(({ at, count }) => Array<number>(count).fill(at)).map((at, i) => at + i * step);

  /** Offsets of the first and the last place, whose neighbours need their steps, too. */
  function clamped(offset: number): number {
    return Math.min(high - (places.length - 1) * step, Math.max(low, offset));
  }
}
