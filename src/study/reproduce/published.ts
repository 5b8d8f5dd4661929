import { PUBLISHED_FIGURES } from "./published-figures.js";

/** A mean over runs, and their standard deviation. */
export interface MeanAndSd {
  mean: number;
  sd: number;
}

/** One cell of the published study: data of one reach, size and noise, and what was found on it. */
export interface PublishedCell {
  /** As its folder is named: beta0.1_ppc50_noise1. */
  name: string;
  /** Reach of a client. */
  beta: number;
  pointsPerCluster: number;
  noise: number;
  /** Mean over clients of the adjusted Rand index after the rounds of `PUBLISHED_ROUNDS`. */
  fkm: MeanAndSd[];
  /** Adjusted Rand index of k-means on the pooled rows. */
  central: MeanAndSd;
  kFed: MeanAndSd;
}

/**
 * Rounds as the study counts them: the first is the aggregation of the clients' starts, which is round 0 here.
 */
export const PUBLISHED_ROUNDS: readonly number[] = [1, 10, 100];

/** The 36 cells of Garst & Reinders, Federated K-Means Clustering (2024), and what was published of each. */
export const PUBLISHED_CELLS: readonly PublishedCell[] = PUBLISHED_FIGURES.trim().split("\n").map(cellOf);

function cellOf(line: string): PublishedCell {
  const [name, ...figures] = line.split(/ +/);
  const [, beta, pointsPerCluster, noise] = /^beta([\d.]+)_ppc(\d+)_noise([\d.]+)$/.exec(name)!.map(Number);
  const at = (i: number): MeanAndSd => ({ mean: Number(figures[2 * i]), sd: Number(figures[2 * i + 1]) });
  return { name, beta, pointsPerCluster, noise, fkm: [at(0), at(1), at(2)], central: at(3), kFed: at(4) };
}
