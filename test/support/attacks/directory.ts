import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readNpy } from "#src/directory/npy.js";
import { json } from "../experiment.js";
import type { Cell, Knowledge, Partitioned } from "./knowledge.js";

/** What whoever is handed an experiment directory knows of one client's rows, in the space that was clustered in. */
export function knowledgeIn(directory: string, client: { id: string; nFeatures: number }): Knowledge {
  const { id, nFeatures } = client;
  const array = (...path: string[]) =>
    Float64Array.from(readNpy(readFileSync(join(directory, ...path)), path.join("/")).data, Number);
  const normalization = existsSync(join(directory, "normalization"))
    ? { mean: array("normalization", "mean.npy"), scale: array("normalization", "std.npy") }
    : null;
  const partitions: Partitioned[] = [];
  for (let round = 0; ; round++) {
    const name = (of: number, what: string) => `round_${String(of).padStart(3, "0")}_${what}`;
    const folder = ["local_means", `client_${id}`];
    if (!existsSync(join(directory, ...folder, name(round, "metadata.json")))) break;
    const { before_privacy_filter: before } = json(directory, ...folder, name(round, "metadata.json"));
    const values = array(...folder, name(round, "local_means.npy"));
    let at = 0;
    const cells = (before.sample_counts as number[]).map((rows, i): Cell => {
      const mean = before.withheld.includes(i) ? null : values.subarray(at, (at += nFeatures));
      return { rows, sum: mean && Array.from(mean, (x) => x * rows), nearestTo: before.global_index[i] };
    });
    const means = round === 0 ? null : array("global_means", name(round - 1, "global_means.npy"));
    const filled = cells.filter(({ rows }) => rows > 0);
    const transform = { normalization, projection: null };
    partitions.push({
      kind: `round ${round}`,
      cells: filled,
      means,
      nColumns: nFeatures,
      transform,
      features: null,
    });
  }
  return { partitions, products: [] };
}

/** The sum of all rows, where some exchange withheld none. */
export function totalOf({ partitions }: Knowledge): number[] | null {
  const whole = partitions.find(({ cells }) => cells.every(({ sum }) => sum !== null));
  if (whole === undefined) return null;
  return Array.from({ length: whole.nColumns }, (_, j) =>
    whole.cells.reduce((sum, cell) => sum + cell.sum![j], 0),
  );
}
