import { join } from "node:path";
import { SCHEMA_VERSION } from "../../directory/layout.js";
import { writeFileAtomically } from "../../files/atomic-write.js";
import { chart, type Panel, type Series } from "../../markup/chart.js";
import { csv } from "../csv.js";
import type { Spread } from "../statistics.js";
import type { MeanAndSd } from "./published.js";
import type { ReproducedCell, Reproduction } from "./reproduction.js";

/** Writes reproduce.csv (a row a run), reproduce.json (the comparison) and reproduce.svg. */
export function writeReproduction(output: string, { cells, runs, svg }: Reproduction): void {
  const write = (name: string, text: string) => writeFileAtomically(join(output, name), text);
  const rows = runs.map((run) => ({ ...run }));
  write("reproduce.csv", csv(Object.keys(rows[0]), rows));
  const comparison = cells.map(({ cell, kFedLocal, fkm, central, kFed, bestLloyd, missed }) => ({
    cell: cell.name,
    fkm_after_rounds: fkm.map((found, i) => ({ found, published: cell.fkm[i] })),
    central: { found: central, published: cell.central },
    k_fed: { found: kFed, published: cell.kFed, k_local: kFedLocal },
    best_lloyd: { found: bestLloyd },
    missed,
  }));
  write(
    "reproduce.json",
    `${JSON.stringify({ schema_version: SCHEMA_VERSION, cells: comparison }, null, 2)}\n`,
  );
  write("reproduce.svg", svg);
}

/** Adjusted Rand index by noise: a panel for each reach and number of points. */
export function reproductionChart(cells: readonly ReproducedCell[]): string {
  const groups = new Map<string, ReproducedCell[]>();
  for (const one of cells) {
    const name = `beta ${one.cell.beta}, ${one.cell.pointsPerCluster} points a cluster`;
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  const panels = [...groups].map(([title, group]): Panel => {
    const found = (name: string, pick: (one: ReproducedCell) => Spread): Series => ({
      name,
      points: group.map((one) => {
        const { mean, low, high } = pick(one);
        return { x: one.cell.noise, y: mean, low, high };
      }),
    });
    const published = (name: string, pick: (one: ReproducedCell) => MeanAndSd): Series => ({
      name,
      points: group.map((one) => ({ x: one.cell.noise, y: pick(one).mean })),
    });
    return {
      title,
      xLabel: "noise",
      yLabel: "adjusted Rand index",
      series: [
        found("central", (one) => one.central),
        found("best-lloyd", (one) => one.bestLloyd),
        found("fkm, 100 rounds", (one) => one.fkm[2]),
        published("fkm, 100 rounds, published", (one) => one.cell.fkm[2]),
        found("k-fed", (one) => one.kFed),
        published("k-fed, published", (one) => one.cell.kFed),
      ],
    };
  });
  return chart(panels, { columns: 2, width: 840, intervals: "bands" });
}
