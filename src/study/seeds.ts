import { theSetting, UsageError } from "../errors.js";

/** Seeds 0 to n - 1, or those given. */
export function seedsOf(seeds: number | readonly number[]): number[] {
  const list =
    typeof seeds === "number"
      ? Number.isSafeInteger(seeds)
        ? Array.from({ length: seeds }, (_, s) => s)
        : []
      : [...seeds];
  const valid = list.every((seed) => Number.isSafeInteger(seed) && seed >= 0);
  if (list.length === 0 || !valid || new Set(list).size < list.length) {
    throw new UsageError(
      `${theSetting("seeds")} must be a number of at least 1, or a list of different integers of at least 0, found ${JSON.stringify(seeds)}`,
    );
  }
  return list;
}
