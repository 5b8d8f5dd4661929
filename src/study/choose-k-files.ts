import { join } from "node:path";
import { SCHEMA_VERSION } from "../directory/layout.js";
import { nameSettingsInFile } from "../errors.js";
import { writeFileAtomically } from "../files/atomic-write.js";
import { chart, type Panel } from "../markup/chart.js";
import { csv } from "./csv.js";
import type { Choice, KScore } from "./k-choice.js";
import type { Spread } from "./statistics.js";

/**
 * A panel a criterion, as an SVG document.
 *
 * @param areGrouped whether scores could be of groups, and so are said to be of rows
 */
export function choiceChart(choice: { scores: readonly KScore[] } & Choice, areGrouped: boolean): string {
  const ofRows = areGrouped ? " of rows" : "";
  const panel = (
    title: string,
    yLabel: string,
    mark: number | null,
    of: (score: KScore) => Pick<Spread, "mean" | "low" | "high"> | null,
  ): Panel => ({
    title,
    xLabel: "number of clusters",
    yLabel,
    mark,
    series: [
      {
        name: "",
        points: choice.scores.flatMap((score) => {
          const value = of(score);
          if (value === null) return [];
          const { mean, low, high } = value;
          return [{ x: score.k, y: mean, low, high }];
        }),
      },
    ],
  });
  const one = (mean: number | null) => (mean === null ? null : { mean, low: null, high: null });
  return chart(
    [
      panel(
        `Inertia: bends most at ${choice.byInertia ?? "none"}`,
        `inertia${ofRows}`,
        choice.byInertia,
        (s) => s.inertia,
      ),
      panel(
        `Simplified silhouette: highest at ${choice.bySilhouette ?? "none"}`,
        `simplified silhouette${ofRows}`,
        choice.bySilhouette,
        (s) => s.simplifiedSilhouette,
      ),
      panel(
        `Agreement of seeds: best at ${choice.byStability ?? "none"}`,
        "adjusted Rand index",
        choice.byStability,
        (s) => one(s.stability),
      ),
    ],
    { columns: 3, width: 840 },
  );
}

/** Of choose-k.csv. */
const COLUMNS = [
  "k",
  "n_runs",
  "inertia_mean",
  "inertia_sd",
  "simplified_silhouette_score_mean",
  "simplified_silhouette_score_sd",
  "stability",
] as const;

/** Writes choose-k.csv (a row a number of clusters), choose-k.json and choose-k.svg. */
export function writeChoice(
  output: string,
  choice: { scores: readonly KScore[]; notes: readonly string[] } & Choice,
  svg: string,
): void {
  const rows = choice.scores.map(({ k, nRuns, inertia, simplifiedSilhouette, stability }) => ({
    k,
    n_runs: nRuns,
    inertia_mean: inertia.mean,
    inertia_sd: inertia.sd,
    simplified_silhouette_score_mean: simplifiedSilhouette?.mean ?? null,
    simplified_silhouette_score_sd: simplifiedSilhouette?.sd ?? null,
    stability,
  }));
  const { byInertia, bySilhouette, byStability, k, verdict } = choice;
  const document = {
    schema_version: SCHEMA_VERSION,
    k,
    by_inertia: byInertia,
    by_silhouette: bySilhouette,
    by_stability: byStability,
    verdict,
    notes: choice.notes,
    scores: rows,
  };
  writeFileAtomically(join(output, "choose-k.csv"), csv(COLUMNS, rows));
  const json = nameSettingsInFile(JSON.stringify(document, null, 2));
  writeFileAtomically(join(output, "choose-k.json"), `${json}\n`);
  writeFileAtomically(join(output, "choose-k.svg"), svg);
}
