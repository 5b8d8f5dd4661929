import type { LocalFacts } from "../../read/experiment.js";
import type { Stage } from "./stage.js";

/** Rows by cluster. */
export interface RowCounts {
  /** (k,) of what is known to the server. */
  readonly counts: readonly number[];
  /** (k,) of what was withheld from it. */
  readonly withheld: readonly number[];
  /** Withheld, and of no known cluster. */
  readonly withheldElsewhere: number;
}

/**
 * Rows of some clients by cluster, as their local work counted them: those of means they sent, and of those they
 * withheld, by the cluster each began as, or, where that is unknown, went into.
 *
 * @param k number of clusters
 */
export function countsOfLocals(locals: readonly LocalFacts[], k: number): RowCounts {
  const counts = new Array<number>(k).fill(0);
  const withheld = new Array<number>(k).fill(0);
  let withheldElsewhere = 0;
  for (const local of locals) {
    for (const [i, count] of local.counts.entries()) {
      const cluster = local.origins[i] ?? local.targets[i];
      if (cluster < k) counts[cluster] += count;
    }
    for (const { origin, count } of local.withheld) {
      if (origin === null) withheldElsewhere += count;
      else if (origin < k) withheld[origin] += count;
    }
  }
  return { counts, withheld, withheldElsewhere };
}

/** The same of one client, sent or withheld. */
export function countsOfLocal(local: LocalFacts, k: number): number[] {
  const { counts, withheld } = countsOfLocals([local], k);
  return counts.map((count, cluster) => count + withheld[cluster]);
}

/** Sums of labels: labels are kept from frame to frame, and sums with them. */
const sumsOf = new WeakMap<Uint16Array, number[]>();

/**
 * Rows of a client by their nearest global mean of a round: of its recorded rows, or groups; else as the next round's
 * local work counted them, where every local mean says which global mean it began as.
 *
 * @param client index into `Experiment.clients`
 * @returns (k,); null where the directory does not say
 */
export function countsUnder(
  stage: Pick<Stage, "experiment" | "labelsOf">,
  client: number,
  roundIndex: number,
): number[] | null {
  const { clients, rounds } = stage.experiment;
  const { k } = rounds[roundIndex];
  const labels = stage.labelsOf(client, roundIndex);
  if (labels !== null) {
    const known = sumsOf.get(labels);
    if (known !== undefined) return known;
    const sums = new Array<number>(k).fill(0);
    const weights = clients[client].points?.weights ?? null;
    labels.forEach((label, i) => {
      sums[label] += weights === null ? 1 : weights[i];
    });
    sumsOf.set(labels, sums);
    return sums;
  }
  const next = rounds[roundIndex + 1]?.locals.find((local) => local.client === client);
  if (next === undefined || next.origins.includes(null)) return null;
  return countsOfLocal(next, k);
}

/** The same of several clients. */
export function countsOfAll(stage: Stage, clients: readonly number[], roundIndex: number): RowCounts | null {
  const { k } = stage.experiment.rounds[roundIndex];
  const counts = new Array<number>(k).fill(0);
  for (const client of clients) {
    const own = countsUnder(stage, client, roundIndex);
    if (own === null) return null;
    for (const [cluster, count] of own.entries()) counts[cluster] += count;
  }
  return { counts, withheld: new Array<number>(k).fill(0), withheldElsewhere: 0 };
}
