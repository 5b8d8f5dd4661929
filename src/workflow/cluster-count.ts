import { plural } from "../printable.js";

/** Number of clusters that have rows. */
export function clustersInUse(sizes: readonly number[]): number {
  return sizes.filter((size) => size > 0).length;
}

/** Clusters that are named at most. */
const SHOWN = 5;

/**
 * Why there are fewer clusters than were asked for, in one line.
 *
 * @param asked number of clusters asked for
 * @param nMeans number of global means
 * @param sizes rows in each cluster there is; null while that is not known
 * @param counted what was counted: rows, or the groups that stand for them, beside which a row may yet be there
 * @returns null where there are as many
 */
export function fewerClusters(
  asked: number,
  nMeans: number,
  sizes: readonly number[] | null,
  counted: "row" | "group of rows" = "row",
): string | null {
  const empty = sizes === null ? [] : [...sizes.keys()].filter((cluster) => sizes[cluster] === 0);
  const found = nMeans - empty.length;
  if (found >= asked) return null;
  const reasons: string[] = [];
  if (nMeans < asked) {
    reasons.push(
      `clients reported only ${nMeans} means that differ, as equal rows have one, and with a privacy threshold ` +
        "a mean of fewer rows stays with its client",
    );
  }
  if (empty.length > 0) {
    const more = empty.length > SHOWN ? ` and ${empty.length - SHOWN} more` : "";
    const names = `${empty.slice(0, SHOWN).join(", ")}${more}`;
    reasons.push(`no ${counted} is nearest to ${empty.length === 1 ? "centroid" : "centroids"} ${names}`);
  }
  return `${plural(found, "cluster")} of the ${asked} asked: ${reasons.join("; ")}`;
}
