import type { LocalFacts } from "../../read/experiment.js";
import { countsOfLocal, countsUnder } from "../stage/counts.js";
import type { Stage } from "../stage/stage.js";
import { groupClients } from "../stage/stage.js";
import { clientTitle, othersTitle } from "../text/names.js";

/** A client's rows by cluster, or those of several clients. */
export interface HeatRow {
  readonly title: string;
  /** (k,) rows; null where the directory does not say. */
  readonly counts: readonly number[] | null;
  /** Their sum. */
  readonly total: number;
  /** Clusters whose mean it withheld in the last round, or some of the clients did. */
  readonly withheld: ReadonlySet<number>;
}

/** Clients by clusters. */
export interface HeatTable {
  readonly rows: readonly HeatRow[];
  /** (k,) sums over all rows that are known. */
  readonly totals: readonly number[];
  /**
   * What was counted: the nearest final mean of all; as the last round's local work did; of some clients one, of others the
   * other; or nothing.
   */
  readonly basis: "final" | "last round" | "mixed" | null;
  /** Rows are a line each, without a name, sorted by the cluster that most of a client's rows are in. */
  readonly isDense: boolean;
}

/** More clients than this have lines without names. */
const MOST_NAMED = 40;
/** Cells that a page may have. */
const MOST_CELLS = 12_000;
const MOST_LINES = 400;

/** Counts the rows of every client by cluster at the end of a run. */
export function heatTable(stage: Stage): HeatTable {
  const { experiment } = stage;
  const { clients, rounds } = experiment;
  const last = rounds.length - 1;
  const { k } = rounds[last];
  const locals = new Map(rounds[last].locals.map((local) => [local.client, local]));
  const found = clients.map((_, client) => countsOf(stage, client, locals.get(client)));
  const bases = new Set(found.flatMap(({ basis }) => basis ?? []));
  const places = clients.length <= MOST_NAMED ? MOST_NAMED : Math.min(MOST_LINES, Math.floor(MOST_CELLS / k));
  const groups = clients.length === 0 ? [] : groupClients(experiment, [...clients.keys()], places);
  const rows = groups.map((group): HeatRow => {
    const parts = group.map((client) => found[client].counts);
    const counts = parts.every((part) => part !== null) ? sums(parts, k) : null;
    const title = group.length === 1 ? clientTitle(clients[group[0]].name) : othersTitle(group.length);
    const withheld = group.flatMap((client) => locals.get(client)?.withheld ?? []);
    return {
      title,
      counts,
      total: counts === null ? 0 : counts.reduce((sum, count) => sum + count, 0),
      withheld: new Set(withheld.flatMap(({ origin }) => origin ?? [])),
    };
  });
  const isDense = clients.length > MOST_NAMED;
  return {
    rows: isDense ? sorted(rows) : rows,
    totals: sums(
      rows.flatMap(({ counts }) => (counts === null ? [] : [counts])),
      k,
    ),
    basis: bases.size > 1 ? "mixed" : ([...bases][0] ?? null),
    isDense,
  };
}

function countsOf(
  stage: Stage,
  client: number,
  local: LocalFacts | undefined,
): { counts: readonly number[] | null; basis: "final" | "last round" | null } {
  const { rounds } = stage.experiment;
  const last = rounds.length - 1;
  const final = countsUnder(stage, client, last);
  if (final !== null) return { counts: final, basis: "final" };
  if (local === undefined) return { counts: null, basis: null };
  return { counts: countsOfLocal(local, rounds[last].k), basis: "last round" };
}

function sums(parts: readonly (readonly number[])[], k: number): number[] {
  return Array.from({ length: k }, (_, cluster) => parts.reduce((sum, part) => sum + part[cluster], 0));
}

/** By the cluster that has most of a client's rows, then by how many of them. */
function sorted(rows: readonly HeatRow[]): HeatRow[] {
  const keyed = rows.map((row, index) => {
    const most = row.counts === null ? 0 : Math.max(...row.counts);
    const cluster = row.counts === null ? Infinity : row.counts.indexOf(most);
    return { row, index, cluster, share: most / Math.max(1, row.total) };
  });
  return keyed
    .sort((a, b) => a.cluster - b.cluster || b.share - a.share || a.index - b.index)
    .map(({ row }) => row);
}
