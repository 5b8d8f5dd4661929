import { existsSync } from "node:fs";
import { readMatrix } from "../../directory/read-array.js";
import { readLocals } from "../../directory/read-local.js";
import { readPoints } from "../../directory/read-points.js";
import { nearestCentroids } from "../../numerics/nearest-centroids.js";
import type { RunFacts } from "./facts.js";

/** One client, and how its rows are spread over the clusters in the end. */
export interface ClientCounts {
  readonly name: string;
  /** (k,) rows of each cluster; null where the directory does not say. */
  readonly sizes: readonly number[] | null;
  /** What was counted: its rows, the groups that stand for them, or what it sent in its last round. */
  readonly of: "rows" | "groups" | "messages" | null;
  /** Means that it withheld, over all rounds. */
  readonly withheld: number;
  /** Rounds that it took part in, of those that somebody did. */
  readonly nRounds: number;
}

type Known = Pick<RunFacts, "layout" | "summary" | "rounds" | "last" | "isSimulation" | "hasGroups">;

/** Counts each client's rows by the final mean that they are nearest to, from the best that the directory has. */
export function countsOfClients(facts: Known): ClientCounts[] {
  const { summary, rounds } = facts;
  const withheld = new Map<string, number>();
  const took = new Map<string, number>();
  for (const round of rounds) {
    for (const client of round.clients) took.set(client, (took.get(client) ?? 0) + 1);
    for (const [client, count] of round.withheld) withheld.set(client, (withheld.get(client) ?? 0) + count);
  }
  return summary.clients.map(({ name }) => ({
    name,
    ...sizesOf(facts, name),
    withheld: withheld.get(name) ?? 0,
    nRounds: took.get(name) ?? 0,
  }));
}

function sizesOf(facts: Known, client: string): Pick<ClientCounts, "sizes" | "of"> {
  const { layout, last, hasGroups } = facts;
  const { nColumns } = last.means;
  try {
    const data = layout.clientData(client);
    if (existsSync(data)) {
      return { sizes: counted(facts, readMatrix(data, null, "", nColumns).data, null), of: "rows" };
    }
    if (existsSync(layout.clientPoints(client))) {
      const { points, weights } = readPoints(layout, client, nColumns);
      return { sizes: counted(facts, points.data, weights), of: hasGroups ? "groups" : "rows" };
    }
    return ofMessages(facts, client);
  } catch {
    return { sizes: null, of: null };
  }
}

function counted({ last }: Known, rows: Float64Array, weights: Float64Array | null): number[] {
  const sizes = new Array<number>(last.means.nRows).fill(0);
  if (rows.length === 0) return sizes;
  const labels = nearestCentroids(rows, last.means.nColumns, last.means.data);
  labels.forEach((label, row) => {
    sizes[label] += weights === null ? 1 : weights[row];
  });
  return sizes;
}

/** Of what it sent in the last round: clusters that began as global means, one each. */
function ofMessages({ layout, last }: Known, client: string): Pick<ClientCounts, "sizes" | "of"> {
  if (!last.hasLocals || !last.clients.includes(client)) return { sizes: null, of: null };
  const [{ counts, origins }] = readLocals(layout, last, [client], last.means.nColumns);
  const sizes = new Array<number>(last.means.nRows).fill(0);
  for (const [i, count] of counts.entries()) {
    const origin = origins[i] ?? null;
    if (origin === null) return { sizes: null, of: null };
    sizes[origin] += count;
  }
  return { sizes, of: "messages" };
}
