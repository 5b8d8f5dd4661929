import { colourOf, ON_PAGE } from "../../../markup/palette.js";
import { circle, line, svgDocument } from "../../../markup/svg.js";
import { readingOf } from "../../stability-table.js";
import { type Cell, cells, type Section, say, strong } from "../document.js";
import type { RunFacts } from "../facts.js";
import { count, listed, rounded } from "../words.js";

/** Mean similarity from which a cluster is one to rely on, and below which it is none, as Hennig has it. */
const TRUSTED = 0.75;
const DOUBTED = 0.6;
/** Of one resample. */
const DISSOLVED = 0.5;
const STRIP = { width: 150, height: 16 } as const;

/** Which clusters to trust: how far each is found again where only some of the points are there; null where nobody asked. */
export function stability({ stability: found }: RunFacts): Section | null {
  if (found === null) return null;
  const { clusters, resamples, of, failed } = found;
  const by = (test: (mean: number) => boolean) =>
    clusters.flatMap(({ meanJaccard }, cluster) =>
      meanJaccard !== null && test(meanJaccard) ? [String(cluster)] : [],
    );
  const good = by((mean) => mean >= TRUSTED);
  const bad = by((mean) => mean < DOUBTED);
  const verdict =
    good.length === clusters.length
      ? say`${strong("All clusters are stable")}: each is found again in resampled data.`
      : say`${good.length === 0 ? strong("No cluster is stable") : strong(`Stable: ${listed(good)}`)}${bad.length === 0 ? "" : `; to be doubted: ${listed(bad)}`}.`;
  const points = of === "rows" ? "rows" : "groups of rows";
  return {
    id: "stability",
    title: "Stability",
    blocks: [
      { type: "paragraph", text: verdict },
      {
        type: "table",
        caption: `How far each cluster was found again in ${resamples} resamples of the ${points}`,
        header: [
          "cluster",
          "in each resample, from 0 to 1",
          "rows",
          "mean Jaccard",
          "recovered",
          "dissolved",
          "reading",
        ],
        nTexts: 2,
        rows: clusters.map(({ nSamples, meanJaccard, recovered, dissolved, jaccard }, cluster) => [
          { text: [strong(cluster)], cluster } as Cell,
          { text: [], bar: strip(jaccard, cluster) } as Cell,
          ...cells(
            count(nSamples),
            meanJaccard === null ? "–" : rounded(meanJaccard),
            `${recovered} of ${resamples}`,
            `${dissolved} of ${resamples}`,
            readingOf({ meanJaccard }),
          ),
        ]),
        note: say`Jaccard similarity with the most similar cluster of each resample (Hennig, 2007): recovered from 0.75 on, dissolved at 0.5 and below; a mean from ${TRUSTED} on is a cluster to rely on, one below ${DOUBTED} is not.${failed > 0 ? ` ${failed} resamples could not be clustered.` : ""}`,
        data: {
          header: ["cluster", "n_points", "n_samples", "mean_jaccard", "recovered", "dissolved"],
          rows: clusters.map(({ nPoints, nSamples, meanJaccard, recovered, dissolved }, cluster) => [
            cluster,
            nPoints,
            nSamples,
            meanJaccard,
            recovered,
            dissolved,
          ]),
        },
      },
    ],
  };
}

/** A dot a resample between 0 and 1, with lines where a cluster counts as dissolved and as recovered. */
function strip(similarities: readonly (number | null)[], cluster: number): string {
  const x = (value: number) => 4 + value * (STRIP.width - 8);
  const marks = [DISSOLVED, TRUSTED].map((at) =>
    line([x(at), 0], [x(at), STRIP.height], { stroke: ON_PAGE.faint }),
  );
  const dots = similarities.flatMap((value) =>
    value === null
      ? []
      : [circle([x(value), STRIP.height / 2], 3.5, { fill: colourOf(cluster), "fill-opacity": 0.35 })],
  );
  const base = line([x(0), STRIP.height / 2], [x(1), STRIP.height / 2], { stroke: ON_PAGE.faint });
  return svgDocument(
    [STRIP.width, STRIP.height],
    [base, ...marks, ...dots],
    { "aria-hidden": "true" },
    ON_PAGE,
  ).trim();
}
