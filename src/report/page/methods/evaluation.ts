import type { LoggedMetrics } from "../../../directory/read-metrics.js";
import type { RunFacts } from "../facts.js";
import { type Cited, cite, told } from "./cited.js";
import type { MethodSettings } from "./settings.js";

type Named = readonly [metric: Exclude<keyof LoggedMetrics, "clusterSizes" | "contingency">, words: Cited];

function named(label: string): readonly Named[] {
  return [
    ["adjustedRandIndex", cite`the adjusted Rand index against ${told(label)} (${"hubert1985"})`],
    [
      "normalizedMutualInformation",
      cite`the normalized mutual information with ${told(label)} (by the mean of the entropies; ${"vinh2010"})`,
    ],
    ["silhouetteScore", cite`the silhouette (${"rousseeuw1987"})`],
    [
      "simplifiedSilhouetteScore",
      cite`the simplified silhouette, with distances to means (after ${"rousseeuw1987"})`,
    ],
    ["daviesBouldinScore", cite`the Davies–Bouldin score (${"davies1979"})`],
    ["calinskiHarabaszScore", cite`the Caliński–Harabasz score (${"calinski1974"})`],
    ["inertia", told("the inertia in the units clustered in")],
  ];
}

/** What was measured, with the work that each metric is from. */
export function metricsSentence(
  { metrics, isSimulation, hasGroups, privately }: RunFacts,
  { label }: MethodSettings,
): Cited | null {
  if (metrics === null) return null;
  const labels = label === null || label === "none" ? "the labels" : label;
  const known = named(labels).filter(
    ([metric]) => metrics[metric] !== null || metrics.ofPoints?.[metric] != null,
  );
  if (known.length === 0) return null;
  const texts = known.map(([, { text }]) => text);
  const list = texts.length === 1 ? texts[0] : `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}`;
  const usesLabels = known.some(([metric]) => metric === "adjustedRandIndex");
  const use = usesLabels ? " Labels were used for this evaluation only." : "";
  const basis = !hasGroups
    ? privately === null
      ? ""
      : ", of the rows and without noise, as a simulation allows"
    : isSimulation
      ? ", of the rows, as a simulation allows"
      : ", of the groups of rows";
  return { text: `Reported are ${list}${basis}.${use}`, cites: known.flatMap(([, { cites }]) => cites) };
}

/** What the run was compared with. */
export function twinSentence({ twin, hasGroups }: RunFacts): Cited | null {
  if (twin === null) return null;
  const best = twin.values.best_start as { restarts?: unknown } | undefined;
  const starts = typeof best?.restarts === "number" ? `the best of ${best.restarts}` : "the best of several";
  const pooled = hasGroups ? "the pooled rows, and the pooled groups," : "the pooled rows";
  return cite`For comparison ${told(pooled)} were clustered by k-means (${"lloyd1982"}) from the run's own start and from ${told(starts)} k-means++ starts (${"arthur2007"}).`;
}

/** How it was told which clusters to trust. */
export function stabilitySentence({ stability }: RunFacts): Cited | null {
  if (stability === null) return null;
  const { resamples, of, failed } = stability;
  const what = of === "rows" ? "rows" : "groups of rows";
  const without = failed === 0 ? "" : `, ${failed} of which could not be clustered`;
  return cite`The stability of each cluster is the mean, over ${told(String(resamples))} bootstrap resamples of the ${told(what)}${told(without)}, of its Jaccard similarity with the most similar cluster that the same algorithm found there (${"hennig2007"}).`;
}
