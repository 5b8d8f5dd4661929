import { existsSync } from "node:fs";
import { join } from "node:path";
import { readRegularText } from "../data/regular-file.js";
import { messageOf, UsageError } from "../errors.js";

export interface MeanAndSd {
  mean: number;
  sd: number;
}

/** One cell of the published study: data of one reach, size and noise, and what was found on it. */
export interface PublishedCell {
  name: string;
  /** Folder of its partitions. */
  data: string;
  /** Reach of a client. */
  beta: number;
  pointsPerCluster: number;
  noise: number;
  /** Mean over clients of the adjusted Rand index after the rounds of `PUBLISHED_ROUNDS`. */
  fkm: MeanAndSd[];
  central: MeanAndSd;
  kFed: MeanAndSd;
}

/**
 * Rounds as the study counts them: the first is the aggregation of the clients' starts, which is round 0 here.
 */
export const PUBLISHED_ROUNDS: readonly number[] = [1, 10, 100];

/**
 * Reads the results of Garst & Reinders, Federated K-Means Clustering (2024).
 *
 * @param folder has published_ari.json, and a folder `data` with a folder a cell
 * @throws UsageError if there is no such thing
 */
export function readPublished(folder: string): PublishedCell[] {
  const path = join(folder, "published_ari.json");
  if (!existsSync(path)) {
    throw new UsageError(`${folder} does not hold the published study: no published_ari.json in it`);
  }
  try {
    const { cells } = JSON.parse(readRegularText(path)) as {
      cells: Record<
        string,
        { fkm_ari_after_round: Record<string, MeanAndSd>; central_ari: MeanAndSd; kfed_ari: MeanAndSd }
      >;
    };
    return Object.entries(cells).map(([name, cell]) => {
      const parts = /^beta([\d.]+)_ppc(\d+)_noise([\d.]+)$/.exec(name);
      if (parts === null) throw new Error(`cell ${name}: a name like beta0.1_ppc50_noise1 expected`);
      return {
        name,
        data: join(folder, "data", name),
        beta: Number(parts[1]),
        pointsPerCluster: Number(parts[2]),
        noise: Number(parts[3]),
        fkm: PUBLISHED_ROUNDS.map((round) => cell.fkm_ari_after_round[round]),
        central: cell.central_ari,
        kFed: cell.kfed_ari,
      };
    });
  } catch (error) {
    throw new UsageError(`${path}: ${messageOf(error)}`);
  }
}
