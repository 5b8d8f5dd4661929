import type { Matrix } from "../../numerics/matrix.js";
import { meansFromSums } from "../../numerics/means.js";
import { pick } from "../../numerics/small-arrays.js";
import { behindClusters } from "../behind.js";
import { type LocalData, privacyThreshold } from "../local-data.js";
import { type Message, meansOf } from "../message.js";
import { transformOf } from "../transform/arrays.js";
import { type GlobalMeans, nothingReported } from "./aggregation.js";
import { type Algorithm, combined } from "./algorithm.js";
import { refuseAsPublished, wantSingleSteps } from "./checks.js";
import { fkm } from "./fkm.js";
import { type LocalClusters, type LocalClustersReply, localClustersReply } from "./local-clusters.js";
import { askUpdate, filled } from "./update.js";

/*
 * Lloyd's algorithm, exactly: the clients' sums and counts for each global cluster add up to those of the pooled
 * points, but for what a privacy threshold withholds. It starts as `fkm` does.
 */

/**
 * Leaves the client, for each global mean that is nearest to some of its points: how many rows are behind these, and
 * their weighted sum, with a privacy threshold only of that many rows or more; and one inertia.
 */
export type LloydReply = LocalClustersReply<"clustering/local_sums">;

export const lloyd: Algorithm = {
  help: "exact k-means on the pooled rows, from sums",
  check(settings, nameOf) {
    wantSingleSteps("lloyd", settings, nameOf);
    refuseAsPublished(settings, nameOf);
  },
  start: fkm.start,
  rounds: {
    localClusters: "global",
    // A round follows from the means before it alone.
    passes: 1,
    answer: { replyKind: "clustering/local_sums", answer: answerSums, behind: behindClusters },
    async run(clustering, round, means) {
      const answers = await askUpdate(clustering, "lloyd", round, means, false);
      return combined(aggregateLloyd(answers.values, means), answers);
    },
  },
  answers: {},
};

/** One round of a client's work: the sums of the points nearest to each global mean. */
function answerSums(local: LocalData, request: Message): LloydReply {
  const { nColumns: d } = local.transformed(transformOf(request, local.nFeatures));
  const threshold = privacyThreshold(local, request);
  const means = meansOf(request, "means", d);
  const assignment = local.assignment(means.length / d);
  assignment.assign(means, true);
  const inertia = assignment.inertia();
  const { sums, counts } = assignment.sums();
  const kept = filled(counts, false);
  return localClustersReply(
    "clustering/local_sums",
    pick(sums, kept, d),
    pick(counts, kept, 1),
    new Int32Array(kept),
    inertia,
    { rows: local.nSamples, threshold, nColumns: d, keepsEmpty: false },
  );
}

/**
 * Aggregates sums and counts per global cluster: one exact step of Lloyd's algorithm on the pooled points.
 *
 * @param locals one entry a client, in client order
 * @param previous (k, p) the means the clients were sent
 * @throws RunError if nothing was reported
 */
export function aggregateLloyd(locals: readonly LocalClusters[], previous: Matrix): GlobalMeans {
  const { nRows: k, nColumns: d } = previous;
  const sums = new Float64Array(k * d);
  const sizes = new Float64Array(k);
  for (const { origins, counts, sums: localSums } of locals) {
    for (let i = 0; i < origins.length; i++) {
      const cluster = origins[i];
      sizes[cluster] += counts[i];
      for (let f = 0; f < d; f++) sums[cluster * d + f] += localSums[i * d + f];
    }
  }
  const carriedOver = [...sizes.keys()].filter((cluster) => sizes[cluster] === 0);
  if (carriedOver.length === k) throw nothingReported();
  return {
    means: { data: meansFromSums(sums, sizes, previous.data), nRows: k, nColumns: d },
    sizes,
    carriedOver,
  };
}
