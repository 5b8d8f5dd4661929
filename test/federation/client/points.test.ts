import assert from "node:assert/strict";
import { test } from "node:test";
import type { Partition } from "#src/data/partitions/partition.js";
import {
  type ClientPoints,
  inOrder,
  merged,
  pointsUnder,
  rowsBehind,
} from "#src/federation/client/points.js";
import { randomStream } from "#src/numerics/random.js";
import { groupsPolicy, thresholdPolicy } from "#src/privacy/policy.js";
import { assertClose, gaussianClusters, rowsOf } from "../../support/matrices.js";

const D = 3;
/** Points are rounded to some ten digits. */
const ROUNDED = 1e-9;
const CLASSES = ["x", "y", "z"];

function partitionOf(
  rows: readonly (readonly number[])[],
  labels: readonly number[] | null = null,
): Partition {
  const nColumns = rows[0]?.length ?? D;
  return {
    rows: { data: Float64Array.from(rows.flat()), nRows: rows.length, nColumns },
    featureNames: null,
    labels: labels && Int32Array.from(labels),
    classes: labels === null ? [] : CLASSES,
  };
}

function drawn(n: number): { rows: number[][]; labels: number[] } {
  const random = randomStream(5, `labels of ${n}`);
  const rows = rowsOf(gaussianClusters(`points of ${n}`, n, D, 4), D);
  return { rows, labels: rows.map(() => Math.floor(3 * random.uniform())) };
}

/** Mean of rows, feature by feature, weighted. */
function meanOf(rows: readonly (readonly number[])[], weights: ArrayLike<number>): number[] {
  const total = Array.from(weights).reduce((sum, weight) => sum + weight, 0);
  return rows[0].map((_, j) => rows.reduce((sum, row, i) => sum + weights[i] * row[j], 0) / total);
}

/** How many rows of each class stand behind all points together. */
function ofEachClass({ labels }: ClientPoints): number[] {
  return CLASSES.map((_, c) =>
    Array.from(labels!.classOf).reduce((sum, k, i) => sum + (k === c ? (labels!.rows?.[i] ?? 1) : 0), 0),
  );
}

test("under groups of one, and under a threshold, rows themselves are what is computed from", () => {
  const { rows, labels } = drawn(20);
  const partition = partitionOf(rows, labels);
  for (const policy of [groupsPolicy(1), thresholdPolicy(5)]) {
    assert.deepEqual(pointsUnder(policy, partition), {
      points: partition.rows,
      weights: null,
      labels: { classes: CLASSES, classOf: partition.labels, pointOf: null, rows: null },
      spreads: null,
    });
  }
});

test("points stand for T to 2 T - 1 rows each, weigh as many, and have the rows' mean and classes", () => {
  for (const size of [2, 5, 10]) {
    for (const n of [size, 2 * size - 1, 2 * size, 97]) {
      const { rows, labels } = drawn(n);
      const found = pointsUnder(groupsPolicy(size), partitionOf(rows, labels));
      const weights = [...found.weights!];
      assert.ok(
        weights.every((weight) => weight >= size && weight < 2 * size),
        `${n} rows by ${size}: ${weights}`,
      );
      assert.equal(rowsBehind(found), n);
      assert.equal(found.points.nRows, weights.length);
      assertClose(
        meanOf(rowsOf(found.points.data, D), weights),
        meanOf(
          rows,
          rows.map(() => 1),
        ),
        ROUNDED,
        `mean of ${n} rows by ${size}`,
      );
      assert.deepEqual(
        ofEachClass(found),
        CLASSES.map((_, c) => labels.filter((label) => label === c).length),
      );
    }
  }
});

test("each point's classes are those of its own rows", () => {
  // Four heaps far apart, so that who is in a group with whom is known; a class is of a heap and a half.
  const heaps = [0, 1000, 5000, 20_000];
  const rows = heaps.flatMap((at) => [0, 1, 2, 3].map((i) => [at + i, at + i * i, at - i]));
  const labels = rows.map((_, i) => Math.min(2, Math.floor(i / 6)));
  const { points, weights, labels: found } = pointsUnder(groupsPolicy(4), partitionOf(rows, labels));
  assert.deepEqual([...weights!], [4, 4, 4, 4]);
  for (let point = 0; point < 4; point++) {
    const heap = heaps.indexOf(points.data[point * D] - 1.5);
    const counted = [0, 0, 0];
    found!.pointOf!.forEach((of, i) => {
      if (of === point) counted[found!.classOf[i]] += found!.rows![i];
    });
    const expected = [0, 0, 0];
    for (const label of labels.slice(4 * heap, 4 * heap + 4)) expected[label] += 1;
    assert.deepEqual(counted, expected, `heap ${heap}`);
  }
});

test("rows in another order make the same points to the bit, with the same classes", () => {
  const { rows, labels } = drawn(61);
  const order = [...rows.keys()].sort((a, b) => ((a * 37) % 61) - ((b * 37) % 61));
  const shuffled = partitionOf(
    order.map((i) => rows[i]),
    order.map((i) => labels[i]),
  );
  assert.deepEqual(
    pointsUnder(groupsPolicy(4), shuffled),
    pointsUnder(groupsPolicy(4), partitionOf(rows, labels)),
  );
});

test("labels that are not shared are not there", () => {
  const { rows, labels } = drawn(30);
  for (const policy of [groupsPolicy(1), groupsPolicy(5), thresholdPolicy(2)]) {
    assert.equal(pointsUnder({ ...policy, sharesLabels: false }, partitionOf(rows, labels)).labels, null);
  }
});

test("a client of fewer rows than a group has no point and states nothing; of fewer than two it has one", () => {
  const { rows, labels } = drawn(9);
  for (const n of [0, 1, 4]) {
    const few = pointsUnder(groupsPolicy(5), partitionOf(rows.slice(0, n), labels.slice(0, n)));
    assert.deepEqual([few.points.nRows, few.points.nColumns, few.points.data.length], [0, D, 0]);
    assert.deepEqual([few.weights, few.spreads, rowsBehind(few)], [new Float64Array(0), null, 0]);
    assert.equal(few.labels, null);
  }
  for (const n of [5, 9]) {
    const { points, weights } = pointsUnder(groupsPolicy(5), partitionOf(rows.slice(0, n)));
    assert.deepEqual([...weights!], [n]);
    const mean = meanOf(rows.slice(0, n), Array(n).fill(1));
    assertClose(points.data, mean, ROUNDED, `mean of ${n}`);
  }
});

test("groups are merged whole under a larger size: weights of at least it, the same rows and classes behind them", () => {
  const { rows, labels } = drawn(120);
  const five = pointsUnder(groupsPolicy(5), partitionOf(rows, labels));
  for (const groupSize of [6, 11, 40]) {
    const larger = merged(five, { groupSize, groupScale: "std" });
    assert.ok(
      larger.weights!.every((weight) => weight >= groupSize),
      `${larger.weights}`,
    );
    assert.ok(larger.points.nRows < five.points.nRows);
    assert.equal(rowsBehind(larger), 120);
    assert.deepEqual(ofEachClass(larger), ofEachClass(five));
    assert.equal(larger.spreads, five.spreads);
  }
  const none = merged(five, { groupSize: 121, groupScale: "std" });
  assert.deepEqual([none.points.nRows, rowsBehind(none), none.spreads], [0, 0, null]);
});

test("a merged point is the mean of the points it was made of, which no other was made of", () => {
  const { points, weights } = pointsUnder(groupsPolicy(3), partitionOf(drawn(80).rows));
  const numbers = Int32Array.from(weights!, (_, i) => i);
  // A class of each point, so that the merged ones say what they were made of.
  const classes = [...numbers].map(String);
  const labels = { classes, classOf: numbers, pointOf: numbers, rows: weights };
  const larger = merged({ points, weights, labels, spreads: null }, { groupSize: 8, groupScale: "std" });
  const made = larger.labels!;
  assert.deepEqual(
    [...made.classOf].sort((a, b) => a - b),
    [...numbers],
  );
  assert.deepEqual(
    [...made.classOf].map((point, i) => made.rows![i] - weights![point]),
    classes.map(() => 0),
  );
  const rows = rowsOf(points.data, D);
  for (let to = 0; to < larger.points.nRows; to++) {
    const of = [...made.classOf].filter((_, i) => made.pointOf![i] === to);
    const total = of.reduce((sum, point) => sum + weights![point], 0);
    assert.equal(larger.weights![to], total);
    const mean = meanOf(
      of.map((point) => rows[point]),
      of.map((point) => weights![point]),
    );
    assertClose(larger.points.data.subarray(to * D, (to + 1) * D), mean, ROUNDED, `point ${to}`);
  }
});

test("points in order are by their first feature, then the next, each with its weight and classes", () => {
  const { rows, labels } = drawn(90);
  const found = pointsUnder(groupsPolicy(4), partitionOf(rows, labels));
  const ordered = inOrder(found);
  /** Each point with all that is known of it. */
  const known = ({ points, weights, labels }: ClientPoints) =>
    rowsOf(points.data, D).map((point, i) => {
      const counts = CLASSES.map((_, c) =>
        labels!.rows!.reduce(
          (sum, n, e) => sum + (labels!.pointOf![e] === i && labels!.classOf[e] === c ? n : 0),
          0,
        ),
      );
      return [...point, weights![i], ...counts];
    });
  const compare = (a: number[], b: number[]) => {
    const at = a.findIndex((value, i) => value !== b[i]);
    return at < 0 ? 0 : a[at] - b[at];
  };
  assert.deepEqual(known(ordered), known(found).sort(compare));
  assert.notDeepEqual(known(ordered), known(found));
  assert.deepEqual(
    [...ordered.labels!.pointOf!],
    [...ordered.labels!.pointOf!].sort((a, b) => a - b),
  );
});

test("rows that come size times each are the points, each of that weight", () => {
  const distinct = rowsOf(
    gaussianClusters("distinct", 12, D, 3).map((x) => Math.round(64 * x) / 64),
    D,
  );
  for (const size of [2, 5]) {
    const rows = Array.from({ length: size }, () => distinct).flat();
    const { points, weights } = pointsUnder(groupsPolicy(size), partitionOf(rows));
    assert.deepEqual([...weights!], Array(12).fill(size));
    const asText = (all: number[][]) => all.map((row) => row.join()).sort();
    assert.deepEqual(asText(rowsOf(points.data, D)), asText(distinct));
  }
});
