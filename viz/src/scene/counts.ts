import type { LocalFacts } from "../read/experiment.js";
import type { Stage } from "./stage.js";

/**
 * Rows of a client by cluster, as its local work counted them: those of means it sent and of those it withheld, by the
 * cluster each began as, or, where that is unknown, went into.
 *
 * @param k number of clusters
 */
export function countsOfLocal({ origins, targets, counts, withheld }: LocalFacts, k: number): number[] {
  const sums = new Array<number>(k).fill(0);
  const add = (cluster: number | null, count: number) => {
    if (cluster !== null && cluster < k) sums[cluster] += count;
  };
  for (const [i, count] of counts.entries()) add(origins[i] ?? targets[i], count);
  for (const { origin, count } of withheld) add(origin, count);
  return sums;
}

/**
 * Rows of a client by their nearest global mean of a round: of its recorded rows, or groups; else as the next round's
 * local work counted them, where every local mean says which global mean it began as.
 *
 * @param client index into `Experiment.clients`
 * @returns (k,); null where the directory does not say
 */
export function countsUnder(stage: Stage, client: number, roundIndex: number): number[] | null {
  const { clients, rounds } = stage.experiment;
  const { k } = rounds[roundIndex];
  const labels = stage.labelsOf(client, roundIndex);
  if (labels !== null) {
    const sums = new Array<number>(k).fill(0);
    const weights = clients[client].points?.weights ?? null;
    labels.forEach((label, i) => {
      sums[label] += weights === null ? 1 : weights[i];
    });
    return sums;
  }
  const next = rounds[roundIndex + 1]?.locals.find((local) => local.client === client);
  if (next === undefined || next.origins.includes(null)) return null;
  return countsOfLocal(next, k);
}
