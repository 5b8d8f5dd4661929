import { lesser } from "../../directory/ledger-summary.js";
import { readLocals } from "../../directory/read-local.js";
import type { RunFacts } from "./facts.js";

/** What left one client in all, from its ledger; nulls without one. */
export interface ClientLeft {
  readonly name: string;
  readonly hasLedger: boolean;
  readonly messages: number | null;
  /** Numbers, truth values and texts. */
  readonly values: number | null;
  readonly bytes: number | null;
  readonly refused: number | null;
  /** Least number of rows behind a number that left, but for counts of labels. */
  readonly smallestWeight: number | null;
  readonly smallestLabelCount: number | null;
  /** Under differential privacy: epsilon that its answers spent, in this run, and in all of its rows' runs. */
  readonly epsilon: number | null;
  readonly epsilonInAll: number | null;
  /** Numbers of its rows: of each, one a feature; null where the directory does not say how many rows it has. */
  readonly held: number | null;
  /** Means that it withheld, over all rounds. */
  readonly withheld: number;
}

/** In client order. */
export function leftByClient({ summary, ledgers, counts, featureNames }: RunFacts): ClientLeft[] {
  const rowsOf = new Map<string, NonNullable<RunFacts["ledgers"]>[number][]>();
  for (const row of ledgers ?? []) {
    const rows = rowsOf.get(row.client);
    if (rows === undefined) rowsOf.set(row.client, [row]);
    else rows.push(row);
  }
  const withheld = new Map(counts.map((client) => [client.name, client.withheld]));
  return summary.clients.map(({ name, n_samples, n_features }) => {
    const rows = rowsOf.get(name);
    const sum = (value: (row: NonNullable<typeof rows>[number]) => number) =>
      rows?.reduce((total, row) => total + value(row), 0) ?? null;
    return {
      name,
      hasLedger: rows !== undefined,
      messages: sum((row) => row.messages),
      values: sum((row) => row.values),
      bytes: sum((row) => row.bytes),
      refused: sum((row) => row.refused),
      smallestWeight:
        rows?.reduce<number | null>((least, row) => lesser(least, row.smallestWeight), null) ?? null,
      smallestLabelCount:
        rows?.reduce<number | null>((least, row) => lesser(least, row.smallestLabelCount), null) ?? null,
      epsilon: greatest(rows?.map((row) => row.epsilon)),
      epsilonInAll: greatest(rows?.map((row) => row.epsilonInAll)),
      held: n_samples === null ? null : n_samples * (n_features ?? featureNames.length),
      withheld: withheld.get(name) ?? 0,
    };
  });
}

function greatest(values: readonly (number | null | undefined)[] = []): number | null {
  return values.reduce<number | null>(
    (most, value) => (value == null ? most : Math.max(most ?? 0, value)),
    null,
  );
}

/** Arrays of local means that are read again, at most. */
const MOST_READ = 20_000;

/**
 * Least number of rows behind a mean or sum that left in a round, where a threshold withholds some; null where the
 * directory does not say.
 */
export function smallestMean({ layout, rounds, last, mayWithhold, summary }: RunFacts): number | null {
  const nRead = rounds.reduce((sum, { clients }) => sum + clients.length, 0);
  // As published the start's means are single rows, whatever is nearest to them.
  if (summary.configuration.as_published === true) return null;
  if (!mayWithhold || nRead > MOST_READ || rounds.some(({ hasLocals }) => !hasLocals)) return null;
  let least = Infinity;
  for (const round of rounds) {
    for (const { counts } of readLocals(layout, round, round.clients, last.means.nColumns)) {
      for (const rows of counts) if (rows > 0 && rows < least) least = rows;
    }
  }
  return least === Infinity ? null : least;
}
