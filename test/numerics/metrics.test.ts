import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  adjustedRandIndex,
  type ContingencyTable,
  normalizedMutualInformation,
} from "#src/numerics/contingency.js";
import { calinskiHarabaszScore, type Dispersion, daviesBouldinScore } from "#src/numerics/dispersion.js";
import { squaredDistance } from "#src/numerics/distances.js";
import { randomStream } from "#src/numerics/random.js";
import { silhouetteSum, simplifiedSilhouetteSum } from "#src/numerics/silhouette.js";
import { assertClose, gaussianClusters, rowsOf } from "../support/matrices.js";
import { askPython, skipWithoutPython } from "../support/python.js";
import { SCORES } from "../support/scores.js";

function tableOf(
  classes: ArrayLike<number>,
  clusters: ArrayLike<number>,
  nClasses = 8,
  nClusters = 8,
): ContingencyTable {
  const counts = new Float64Array(nClasses * nClusters);
  for (let i = 0; i < classes.length; i++) counts[classes[i] * nClusters + clusters[i]] += 1;
  return { counts, nClasses, nClusters };
}

function dispersionOf(rows: Float64Array, d: number, labels: Int32Array, k: number): Dispersion {
  const counts = new Float64Array(k);
  for (const label of labels) counts[label] += 1;
  const means = new Float64Array(k * d);
  for (let i = 0; i < rows.length; i++) {
    const label = labels[Math.floor(i / d)];
    means[label * d + (i % d)] += rows[i] / counts[label];
  }
  const dispersion = {
    means,
    counts,
    distanceSums: new Float64Array(k),
    squaredDistanceSums: new Float64Array(k),
  };
  labels.forEach((label, i) => {
    const square = squaredDistance(rows, i, means, label, d);
    dispersion.distanceSums[label] += Math.sqrt(square);
    dispersion.squaredDistanceSums[label] += square;
  });
  return dispersion;
}

function draws(name: string, n: number, below: number): Int32Array {
  const random = randomStream(6, name);
  return Int32Array.from({ length: n }, () => random.integer(below));
}

const cycle = (n: number, k: number) => Int32Array.from({ length: n }, (_, i) => i % k);

/** Pairs of partitions: random, related, and every way to be degenerate. */
const PARTITIONS: [string, Int32Array, Int32Array][] = [
  ["random", draws("a", 300, 4), draws("b", 300, 6)],
  ["related", draws("c", 300, 5), draws("c", 300, 5).map((label, i) => (i % 4 === 0 ? 7 : label))],
  ["equal", draws("d", 50, 5), draws("d", 50, 5)],
  ["relabelled", draws("d", 50, 5), draws("d", 50, 5).map((label) => 7 - label)],
  ["worse than chance", Int32Array.of(0, 0, 1, 1), Int32Array.of(0, 1, 0, 1)],
  ["one class", new Int32Array(20), draws("e", 20, 3)],
  ["one cluster", draws("e", 20, 3), new Int32Array(20).fill(3)],
  ["one class and one cluster", new Int32Array(20), new Int32Array(20).fill(2)],
  ["every sample alone, in both", cycle(8, 8), cycle(8, 8).reverse()],
  ["every sample alone, in one", cycle(8, 8), cycle(8, 3)],
  ["every sample alone against one class", cycle(8, 8), new Int32Array(8)],
  ["two samples", Int32Array.of(0, 1), Int32Array.of(0, 0)],
  ["one sample", Int32Array.of(3), Int32Array.of(4)],
  ["large", cycle(60_000, 7), draws("f", 60_000, 8)],
];

interface Clustering {
  name: string;
  d: number;
  k: number;
  rows: Float64Array;
  labels: Int32Array;
  means: Float64Array;
}

function clustering(name: string, n: number, d: number, k: number, labels: Int32Array): Clustering {
  const rows = gaussianClusters(name, n, d, k, 2);
  return { name, d, k, rows, labels, means: dispersionOf(rows, d, labels, k).means };
}

const CLUSTERINGS: Clustering[] = [
  clustering("good clusters", 150, 3, 4, cycle(150, 4)),
  clustering("random clusters", 150, 2, 5, draws("g", 150, 5)),
  clustering("a cluster of one row", 40, 2, 3, cycle(40, 2).fill(2, 0, 1)),
  clustering("one row less than clusters allow", 5, 2, 4, Int32Array.of(0, 1, 2, 3, 3)),
  clustering(
    "unused numbers",
    60,
    2,
    7,
    cycle(60, 2).map((label) => 5 * label + 1),
  ),
  clustering("more than one block", 1100, 1, 3, cycle(1100, 3)),
  {
    name: "no spread within",
    d: 1,
    k: 2,
    rows: Float64Array.of(1, 1, 4, 4),
    labels: Int32Array.of(0, 0, 1, 1),
    means: Float64Array.of(1, 4),
  },
  {
    name: "two clusters of one mean",
    d: 1,
    k: 3,
    rows: Float64Array.of(-1, 1, -2, 2, 6, 8),
    labels: Int32Array.of(0, 0, 1, 1, 2, 2),
    means: Float64Array.of(0, 0, 7),
  },
  {
    name: "all rows equal",
    d: 1,
    k: 2,
    rows: new Float64Array(6).fill(2),
    labels: cycle(6, 2),
    means: Float64Array.of(2, 2),
  },
];

interface ClusteringScores {
  silhouette: number;
  daviesBouldin: number;
  calinskiHarabasz: number;
}

interface Scores {
  partitions: { ari: number; nmi: number }[];
  clusterings: { simplified: number; formulas: ClusteringScores; scikitLearn: ClusteringScores }[];
}

let scores: Scores | undefined;

/** Every score by scikit-learn and by the formulas, in one start of Python. */
function expectedScores(): Scores {
  return (scores ??= askPython<Scores>(
    `${SCORES}
from sklearn import metrics
def of_partitions(case):
    classes, clusters = np.array(case["classes"]), np.array(case["clusters"])
    return {"ari": metrics.adjusted_rand_score(classes, clusters),
            "nmi": metrics.normalized_mutual_info_score(classes, clusters)}
def of_clustering(case):
    X, labels, means = np.array(case["rows"]), np.array(case["labels"]), np.array(case["means"])
    distances = np.linalg.norm(X[:, None] - means[None], axis=2)
    own = distances[np.arange(len(X)), labels]
    distances[np.arange(len(X)), labels] = np.inf
    other = distances.min(axis=1)
    larger = np.maximum(own, other)
    simplified = np.where(larger > 0, (other - own) / np.where(larger > 0, larger, 1), 0)
    def scores(silhouette, davies_bouldin, calinski_harabasz):
        return {"silhouette": silhouette(X, labels), "daviesBouldin": davies_bouldin(X, labels),
                "calinskiHarabasz": calinski_harabasz(X, labels)}
    return {"simplified": simplified.mean(), "formulas": scores(silhouette, davies_bouldin, calinski_harabasz),
            "scikitLearn": scores(metrics.silhouette_score, metrics.davies_bouldin_score,
                                  metrics.calinski_harabasz_score)}
answer({"partitions": [of_partitions(case) for case in cases["partitions"]],
        "clusterings": [of_clustering(case) for case in cases["clusterings"]]})
`,
    {
      partitions: PARTITIONS.map(([, classes, clusters]) => ({ classes, clusters })),
      clusterings: CLUSTERINGS.map(({ rows, labels, means, d }) => ({
        rows: rowsOf(rows, d),
        labels,
        means: rowsOf(means, d),
      })),
    },
  ));
}

test("adjusted Rand index and normalized mutual information are scikit-learn's, degenerate partitions too", {
  skip: skipWithoutPython,
}, () => {
  for (const [i, [name, classes, clusters]] of PARTITIONS.entries()) {
    const { ari, nmi } = expectedScores().partitions[i];
    const table = tableOf(classes, clusters);
    assertClose([adjustedRandIndex(table)], [ari], 1e-12, `adjusted Rand index, ${name}`);
    assertClose([normalizedMutualInformation(table)], [nmi], 1e-12, `mutual information, ${name}`);
  }
});

/** Largest error of a score whose distances are off by the square root of the machine's epsilon. */
const SCIKIT_LEARN_TOLERANCE = 1e-6;

test("silhouette, Davies-Bouldin and Calinski-Harabasz are their formulas', degenerate clusterings too", {
  skip: skipWithoutPython,
}, () => {
  for (const [i, { name, rows, d, k, labels }] of CLUSTERINGS.entries()) {
    const { formulas, scikitLearn } = expectedScores().clusterings[i];
    const dispersion = dispersionOf(rows, d, labels, k);
    const ours: ClusteringScores = {
      silhouette: silhouetteSum(rows, labels, rows, labels, d, k) / labels.length,
      daviesBouldin: daviesBouldinScore(dispersion)!,
      calinskiHarabasz: calinskiHarabaszScore(dispersion)!,
    };
    for (const score of ["silhouette", "daviesBouldin", "calinskiHarabasz"] as const) {
      assertClose([ours[score]], [formulas[score]], 1e-12, `${score}, ${name}`);
      assertClose(
        [ours[score]],
        [scikitLearn[score]],
        SCIKIT_LEARN_TOLERANCE,
        `${score} of sklearn, ${name}`,
      );
    }
  }
});

test("the simplified silhouette is NumPy's on distances to the centroids", {
  skip: skipWithoutPython,
}, () => {
  for (const [i, { name, rows, d, labels, means }] of CLUSTERINGS.entries()) {
    const simplified = simplifiedSilhouetteSum(rows, labels, means, d) / labels.length;
    assertClose([simplified], [expectedScores().clusterings[i].simplified], 1e-12, name);
  }
});

test("exact silhouettes summed client by client add up to those of all rows", () => {
  const { rows, d, k, labels } = CLUSTERINGS[1];
  const whole = silhouetteSum(rows, labels, rows, labels, d, k);
  let sum = 0;
  for (const [start, end] of [
    [0, 1],
    [1, 90],
    [90, 150],
  ]) {
    sum += silhouetteSum(rows.subarray(start * d, end * d), labels.subarray(start, end), rows, labels, d, k);
  }
  assertClose([sum], [whole], 1e-13, "sum");
});

test("scores that are not defined are null", () => {
  const one = dispersionOf(Float64Array.of(1, 2, 3), 1, new Int32Array(3).fill(1), 3);
  assert.equal(daviesBouldinScore(one), null);
  assert.equal(calinskiHarabaszScore(one), null);
  const each = dispersionOf(Float64Array.of(1, 2, 4), 1, Int32Array.of(0, 1, 2), 3);
  assert.equal(daviesBouldinScore(each), 0);
  assert.equal(calinskiHarabaszScore(each), null);
});

test("one cluster or one class scores exactly 0, and equal partitions exactly 1, whatever their sizes", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 2 ** 31 }), { minLength: 2, maxLength: 12 });
  fc.assert(
    fc.property(sizes, (counts) => {
      const m = counts.length;
      const diagonal = new Float64Array(m * m);
      for (const [i, count] of counts.entries()) diagonal[i * m + (m - 1 - i)] = count;
      const tables: [number, ContingencyTable][] = [
        [0, { counts: Float64Array.from(counts), nClasses: m, nClusters: 1 }],
        [0, { counts: Float64Array.from(counts), nClasses: 1, nClusters: m }],
        [1, { counts: diagonal, nClasses: m, nClusters: m }],
      ];
      for (const [expected, table] of tables) {
        assert.equal(adjustedRandIndex(table), expected);
        assert.equal(normalizedMutualInformation(table), expected);
      }
    }),
  );
});

const labelling = fc.integer({ min: 1, max: 60 }).chain((n) => {
  const labels = fc.array(fc.integer({ min: 0, max: 7 }), { minLength: n, maxLength: n });
  return fc.tuple(labels, labels, fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 8 }));
});

test("both indices are symmetric and know nothing of the numbers of clusters", () => {
  fc.assert(
    fc.property(labelling, ([classes, clusters, names]) => {
      for (const index of [adjustedRandIndex, normalizedMutualInformation]) {
        const plain = index(tableOf(classes, clusters));
        const renamed = clusters.map((label) => names[label]);
        assertClose([index(tableOf(clusters, classes))], [plain], 1e-12, "swapped");
        assertClose([index(tableOf(classes, renamed))], [plain], 1e-12, "renamed");
        assertClose([index(tableOf(clusters, renamed))], [1], 1e-12, "with itself, renamed");
      }
    }),
  );
});

test("the adjusted Rand index is the pair counts' closed form", () => {
  fc.assert(
    fc.property(labelling, ([classes, clusters]) => {
      const n = classes.length;
      let [both, first, second] = [0, 0, 0];
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < i; j++) {
          const [a, b] = [classes[i] === classes[j], clusters[i] === clusters[j]];
          both += Number(a && b);
          first += Number(a);
          second += Number(b);
        }
      }
      const pairs = (n * (n - 1)) / 2;
      // Exact in integers: the index is (both * pairs - first * second) over this.
      const denominator = ((first + second) * pairs) / 2 - first * second;
      const expected = denominator === 0 ? 1 : (both * pairs - first * second) / denominator;
      assertClose([adjustedRandIndex(tableOf(classes, clusters))], [expected], 1e-12, "index");
    }),
  );
});
