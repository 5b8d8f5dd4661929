import type { Choice, KScore } from "./k-choice.js";

/** Runs agree as well as the best if they agree by at most this less. */
const STABILITY_MARGIN = 0.01;

/** What the scores say, each criterion alone and together. */
export function choose(scores: readonly KScore[]): Choice {
  if (scores.length === 0) {
    const verdict = "No number of clusters could be compared.";
    return { byInertia: null, bySilhouette: null, byStability: null, k: null, verdict };
  }
  const byInertia = knee(scores);
  const bySilhouette = best(scores, (score) => score.simplifiedSilhouette?.mean ?? null);
  const mostStable = Math.max(...scores.map((score) => score.stability ?? -Infinity));
  // Fewer clusters tend to be more stable, so of the most stable numbers the largest counts.
  const stable = scores.filter(
    ({ stability }) => stability !== null && stability >= mostStable - STABILITY_MARGIN,
  );
  const byStability = stable.at(-1)?.k ?? null;
  const votes = [byInertia, bySilhouette, byStability].filter((k) => k !== null);
  const k = votes.find((vote, i) => votes.indexOf(vote) < i) ?? null;
  const said = [
    byInertia === null ? "the inertia shows no bend" : `the inertia bends most at ${byInertia}`,
    bySilhouette === null
      ? "there is no silhouette"
      : `the simplified silhouette is highest at ${bySilhouette} ` +
        `(${three(scores.find((score) => score.k === bySilhouette)!.simplifiedSilhouette!.mean)})`,
    byStability === null
      ? "there is no stability"
      : `seeds agree best at ${byStability} clusters ` +
        `(adjusted Rand index ${three(scores.find((score) => score.k === byStability)!.stability!)})`,
  ];
  const all = votes.length === 3 && votes.every((vote) => vote === votes[0]);
  const lead = all
    ? `All three criteria speak for ${k} clusters`
    : k !== null
      ? `Two of three criteria speak for ${k} clusters, the third does not`
      : "The criteria disagree: look at the plot, and at what the clusters mean";
  return { byInertia, bySilhouette, byStability, k, verdict: `${lead}: ${said.join("; ")}.` };
}

/**
 * Where the inertia bends most: the farthest point below the straight line between its ends, both axes scaled
 * to 0..1.
 *
 * @see Satopaa et al., Finding a "kneedle" in a haystack, ICDCS Workshops 2011
 */
function knee(scores: readonly KScore[]): number | null {
  const first = scores[0];
  const last = scores[scores.length - 1];
  const drop = first.inertia.mean - last.inertia.mean;
  if (scores.length < 3 || drop <= 0) return null;
  return best(scores.slice(1, -1), ({ k, inertia }) => {
    const across = (k - first.k) / (last.k - first.k);
    return (first.inertia.mean - inertia.mean) / drop - across;
  });
}

function best(scores: readonly KScore[], of: (score: KScore) => number | null): number | null {
  let found: { k: number; value: number } | null = null;
  for (const score of scores) {
    const value = of(score);
    if (value !== null && (found === null || value > found.value)) found = { k: score.k, value };
  }
  return found?.k ?? null;
}

function three(value: number): string {
  return value.toFixed(3);
}
