import type { Matrix } from "../../numerics/matrix.js";
import { pick } from "../../numerics/small-arrays.js";
import {
  checkFlags,
  checkNotNegative,
  checkRange,
  checkRowsBehind,
  checkTotal,
  floats,
  floatsOf,
  ints,
  intsOf,
  LARGEST_VALUE,
  type Message,
  malformed,
  type NamedArray,
  numberOf,
} from "../message.js";

export type LocalClustersKind = "clustering/local_means" | "clustering/local_sums";

/**
 * Leaves the client, for each local cluster of its points: its mean (`fkm`) or its sum (`lloyd`), in the units clustered
 * in, and its count of rows. With a privacy threshold only the count leaves of clusters of fewer rows.
 */
export interface LocalClustersReply<Kind extends LocalClustersKind = LocalClustersKind> extends Message {
  readonly kind: Kind;
  /** Inertia of the client's points, by their weights, under the global means it was sent; under its own at the start. */
  readonly scalars: { inertia: number };
  readonly arrays: {
    /** (m, p) means or sums of the clusters that may leave. */
    values: NamedArray;
    /** (q,) rows behind every local cluster, q >= m. */
    counts: NamedArray;
    /** (q,) 1 where the cluster may leave, 0 where it is withheld. */
    sent: NamedArray;
    /** (q,) index of the global mean each began as; -1 at the start. */
    origins: NamedArray;
  };
}

export type LocalMeansReply = LocalClustersReply<"clustering/local_means">;

/** One client's clusters as the server knows them. */
export interface LocalClusters {
  /** (m, p) */
  means: Matrix;
  /** (m, p) row-major; what `lloyd` adds up. */
  sums: Float64Array;
  /** (m,) rows behind each mean. */
  counts: Int32Array;
  /** (m,) index of the global mean each began as; -1 at the start. */
  origins: Int32Array;
  /** What the privacy filter saw: (q,) each. */
  beforeFilter: { counts: Int32Array; sent: Int32Array; origins: Int32Array };
  inertia: number;
}

/** What decides which clusters may leave a client. */
interface Filter {
  /** Behind all of the client's points. */
  readonly rows: number;
  readonly threshold: number;
  /** p, the number of features clustered in, however many clusters there are. */
  readonly nColumns: number;
}

/**
 * The privacy filter: a cluster of fewer rows than the threshold stays; none does under groups, where each point has rows
 * enough. One without points may leave only where empty clusters are kept, and is the server's own mean; a client of
 * fewer rows sends no inertia either.
 */
export function localClustersReply<Kind extends LocalClustersKind>(
  kind: Kind,
  values: Float64Array,
  counts: Float64Array,
  origins: Int32Array,
  inertia: number,
  filter: Filter & { readonly keepsEmpty: boolean },
): LocalClustersReply<Kind> {
  const q = counts.length;
  const d = filter.nColumns;
  const sent = new Int32Array(q);
  const rows = new Int32Array(q);
  const mayLeave: number[] = [];
  for (let c = 0; c < q; c++) {
    rows[c] = counts[c];
    if (counts[c] > 0 ? counts[c] < filter.threshold : !filter.keepsEmpty) continue;
    sent[c] = 1;
    mayLeave.push(c);
  }
  return {
    kind,
    scalars: { inertia: filter.rows < filter.threshold ? 0 : inertia },
    arrays: {
      values: floats(pick(values, mayLeave, d), mayLeave.length, d),
      counts: ints(rows, q),
      sent: ints(sent, q),
      origins: ints(origins, q),
    },
  };
}

/** What there is to report of no points. */
export const NO_CLUSTERS: { means: Float64Array; counts: Float64Array; inertia: number } = {
  means: new Float64Array(0),
  counts: new Float64Array(0),
  inertia: 0,
};

/** The same of local means that began as none of the server's: none of them is empty. */
export function localMeansAtStart(
  { means, counts, inertia }: { means: Float64Array; counts: Float64Array; inertia: number },
  filter: Filter,
): LocalMeansReply {
  const origins = new Int32Array(counts.length).fill(-1);
  return localClustersReply("clustering/local_means", means, counts, origins, inertia, {
    ...filter,
    keepsEmpty: false,
  });
}

/**
 * @param nColumns p, the number of features clustered in
 * @param k number of global means that were sent, 0 at the start
 * @throws RunError if the reply is malformed
 */
export function readLocalClusters(reply: Message, nColumns: number, k: number): LocalClusters {
  const all = intsOf(reply, "counts", [null]);
  const sent = intsOf(reply, "sent", [all.length]);
  const origins = intsOf(reply, "origins", [all.length]);
  const isSums = reply.kind === "clustering/local_sums";
  checkNotNegative(reply, "counts", all);
  checkFlags(reply, "sent", sent);
  if (k === 0) checkRange(reply, "origins", origins, -1, -1, "-1 at the start");
  else checkRange(reply, "origins", origins, 0, k - 1, `0 to ${k - 1}`);
  if (isSums) checkRowsBehind(reply, all, sent);
  const values = floatsOf(reply, "values", [countOnes(sent), nColumns], LARGEST_VALUE);
  const beforeFilter = { counts: all, sent, origins };
  return new ReportedClusters(values, isSums, nColumns, beforeFilter, numberOf(reply, "inertia", 0));
}

/**
 * Checks a reply that was read against what the server knows of the client and asked of it.
 *
 * @param asked.nSamples number of the client's rows, all of which are in some cluster
 * @param asked.most the number of clusters there can be
 * @param asked.keepsEmpty whether clusters without points may leave
 * @throws RunError if it does not fit
 */
export function checkLocalClusters(
  reply: Message,
  { beforeFilter: { counts, sent, origins } }: LocalClusters,
  asked: { nSamples: number; most: number; keepsEmpty: boolean },
): void {
  if (counts.length > asked.most) {
    throw malformed(reply, 'array "counts"', `at most ${asked.most} clusters`, String(counts.length));
  }
  checkTotal(reply, "counts", counts, asked.nSamples);
  if (!asked.keepsEmpty) checkRowsBehind(reply, counts, sent);
  for (let c = 1; c < origins.length; c++) {
    if (origins[c] > origins[c - 1] || origins[c] < 0) continue;
    throw malformed(reply, 'array "origins"', "each global mean once, in order", String(origins[c]));
  }
}

/**
 * Reads and checks local clusters that began as none of the server's.
 *
 * @param nColumns p, the number of features clustered in
 * @param most the number of clusters there can be
 */
export function readAtStart(nColumns: number, most: number) {
  return (reply: Message, { nSamples }: { nSamples: number }): LocalClusters => {
    const read = readLocalClusters(reply, nColumns, 0);
    checkLocalClusters(reply, read, { nSamples, most, keepsEmpty: false });
    return read;
  };
}

function countOnes(flags: Int32Array): number {
  let count = 0;
  for (let i = 0; i < flags.length; i++) count += flags[i];
  return count;
}

/** The elements whose flag is 1, of which there are `length`. Of thousands of replies: without a closure. */
function flagged(array: Int32Array, flags: Int32Array, length: number): Int32Array {
  if (length === array.length) return array;
  const picked = new Int32Array(length);
  for (let i = 0, at = 0; at < length; i++) if (flags[i] === 1) picked[at++] = array[i];
  return picked;
}

/** Of means and sums one was reported, and the other is made when it is asked for: of thousands, few are. */
class ReportedClusters implements LocalClusters {
  readonly counts: Int32Array;
  readonly origins: Int32Array;
  #other: Float64Array | null = null;

  constructor(
    readonly values: Float64Array,
    readonly isSums: boolean,
    readonly nColumns: number,
    readonly beforeFilter: LocalClusters["beforeFilter"],
    readonly inertia: number,
  ) {
    const { counts, sent, origins } = beforeFilter;
    const nSent = values.length / nColumns;
    this.counts = flagged(counts, sent, nSent);
    this.origins = flagged(origins, sent, nSent);
  }

  get means(): Matrix {
    const data = this.isSums ? this.#made() : this.values;
    return { data, nRows: this.counts.length, nColumns: this.nColumns };
  }

  get sums(): Float64Array {
    return this.isSums ? this.values : this.#made();
  }

  #made(): Float64Array {
    if (this.#other !== null) return this.#other;
    const { values, isSums, counts, nColumns: d } = this;
    this.#other = new Float64Array(values.length);
    for (let c = 0, at = 0; c < counts.length; c++) {
      const count = counts[c];
      for (let f = 0; f < d; f++, at++) this.#other[at] = isSums ? values[at] / count : values[at] * count;
    }
    return this.#other;
  }
}
