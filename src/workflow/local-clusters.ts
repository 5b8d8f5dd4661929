import type { Matrix } from "../numerics/matrix.js";
import {
  checkElements,
  checkFlags,
  checkNotNegative,
  floats,
  floatsOf,
  ints,
  intsOf,
  type Message,
  type NamedArray,
  numberOf,
} from "./message.js";

/**
 * Leaves the client, for each local cluster of at least the privacy threshold's rows: its mean (`fkm`) or its
 * sum (`lloyd`), in the units clustered in. Of the smaller ones only the count leaves.
 */
export interface LocalClustersReply extends Message {
  readonly kind: "clustering/local_means" | "clustering/local_sums";
  /** Inertia of the client's rows under the global means it was sent; under its own at the start. */
  readonly scalars: { inertia: number };
  readonly arrays: {
    /** (m, p) means or sums of the clusters that may leave. */
    values: NamedArray;
    /** (q,) rows of every local cluster, q >= m. */
    counts: NamedArray;
    /** (q,) 1 where the cluster may leave, 0 where it is withheld. */
    sent: NamedArray;
    /** (q,) index of the global mean each began as; -1 at the start. */
    origins: NamedArray;
  };
}

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

/**
 * The privacy filter: a cluster of fewer rows than the threshold stays. One without any rows may leave only
 * where empty clusters are kept, and is the server's own mean; a client of fewer rows sends no inertia either.
 */
export function localClustersReply(
  kind: LocalClustersReply["kind"],
  values: Float64Array,
  counts: Float64Array,
  origins: Int32Array,
  inertia: number,
  filter: { rows: number; threshold: number; keepsEmpty: boolean },
): LocalClustersReply {
  const q = counts.length;
  const d = q === 0 ? 0 : values.length / q;
  const sent = Int32Array.from(counts, (count) =>
    Number(count > 0 ? count >= filter.threshold : filter.keepsEmpty),
  );
  const mayLeave = [...sent.keys()].filter((c) => sent[c] === 1);
  return {
    kind,
    scalars: { inertia: filter.rows < filter.threshold ? 0 : inertia },
    arrays: {
      values: floats(pick(values, mayLeave, d), mayLeave.length, d),
      counts: ints(Int32Array.from(counts), q),
      sent: ints(sent, q),
      origins: ints(origins, q),
    },
  };
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
  if (k === 0) checkElements(reply, "origins", origins, "-1 at the start", (origin) => origin === -1);
  else checkElements(reply, "origins", origins, `0 to ${k - 1}`, (origin) => origin >= 0 && origin < k);
  if (isSums)
    checkElements(reply, "counts", all, "rows behind each sum", (count, c) => count > 0 || sent[c] === 0);
  const left = (_: number, c: number) => sent[c] === 1;
  const counts = all.filter(left);
  const values = floatsOf(reply, "values", [counts.length, nColumns]);
  const countAt = (index: number) => counts[Math.floor(index / nColumns)];
  return {
    means: {
      data: isSums ? values.map((value, i) => value / countAt(i)) : values,
      nRows: counts.length,
      nColumns,
    },
    sums: isSums ? values : values.map((value, i) => value * countAt(i)),
    counts,
    origins: origins.filter(left),
    beforeFilter: { counts: all, sent, origins },
    inertia: numberOf(reply, "inertia"),
  };
}

/** Some rows of a row-major array of `d` columns. */
export function pick(values: Float64Array, rows: readonly number[], d: number): Float64Array {
  const picked = new Float64Array(rows.length * d);
  rows.forEach((row, i) => {
    picked.set(values.subarray(row * d, (row + 1) * d), i * d);
  });
  return picked;
}
