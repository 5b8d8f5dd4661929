import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  addContingency,
  adjustedRandIndex,
  type ContingencyTable,
  normalizedMutualInformation,
} from "#src/numerics/contingency.js";
import { cycle, draws } from "../support/clusterings.js";
import { assertClose } from "../support/matrices.js";
import { askPython, skipWithoutPython } from "../support/python.js";

function tableOf(
  classes: Int32Array | number[],
  clusters: Int32Array | number[],
  nClasses = 8,
  nClusters = 8,
): ContingencyTable {
  const counts = new Float64Array(nClasses * nClusters);
  const table = { counts, nClasses, nClusters };
  addContingency(table, Int32Array.from(classes), Int32Array.from(clusters), null);
  return table;
}

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

test("adjusted Rand index and normalized mutual information are scikit-learn's, degenerate partitions too", {
  skip: skipWithoutPython,
}, () => {
  const expected = askPython<{ ari: number; nmi: number }[]>(
    `
from sklearn import metrics
def scores(case):
    classes, clusters = np.array(case["classes"]), np.array(case["clusters"])
    return {"ari": metrics.adjusted_rand_score(classes, clusters),
            "nmi": metrics.normalized_mutual_info_score(classes, clusters)}
answer([scores(case) for case in cases])
`,
    PARTITIONS.map(([, classes, clusters]) => ({ classes, clusters })),
  );
  for (const [i, [name, classes, clusters]] of PARTITIONS.entries()) {
    const { ari, nmi } = expected[i];
    const table = tableOf(classes, clusters);
    assertClose([adjustedRandIndex(table)], [ari], 1e-12, `adjusted Rand index, ${name}`);
    assertClose([normalizedMutualInformation(table)], [nmi], 1e-12, `mutual information, ${name}`);
  }
});

test("a weight counts a sample so many times, and must be a whole number for pairs to be counted", () => {
  const [classes, clusters] = [draws("h", 80, 3), draws("i", 80, 4)];
  const weights = Float64Array.from(draws("weights", 80, 5));
  const weighted = { counts: new Float64Array(12), nClasses: 3, nClusters: 4 };
  addContingency(weighted, classes, clusters, weights);
  const repeated = [...weights.keys()].flatMap((i) => new Array<number>(weights[i]).fill(i));
  const table = tableOf(
    repeated.map((i) => classes[i]),
    repeated.map((i) => clusters[i]),
    3,
    4,
  );
  assert.deepEqual(weighted, table);
  addContingency(weighted, classes, clusters, weights.fill(0.3));
  assert.throws(() => adjustedRandIndex(weighted), RangeError);
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
