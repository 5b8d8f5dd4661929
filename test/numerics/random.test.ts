import assert from "node:assert/strict";
import { test } from "node:test";
import { randomStream } from "#src/numerics/random.js";

/*
 * Fixed seeds, so nothing here is left to chance; the limits are the 99.9th percentiles of the statistics.
 */

/** Pearson's statistic of counts that are expected to be equal. */
function chiSquareUniform(counts: number[]): number {
  const expected = counts.reduce((a, b) => a + b) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** 99.9th percentile of chi-square (Wilson & Hilferty 1931). */
function chiSquareLimit(degrees: number): number {
  const spread = 2 / (9 * degrees);
  return degrees * (1 - spread + 3.0902 * Math.sqrt(spread)) ** 3;
}

function histogram(values: Iterable<number>, nBins: number): number[] {
  const counts = new Array<number>(nBins).fill(0);
  for (const value of values) counts[value] += 1;
  return counts;
}

const draw = <T>(n: number, next: () => T): T[] => Array.from({ length: n }, next);

const correlation = (a: number[], b: number[]) => {
  const mean = (values: number[]) => values.reduce((x, y) => x + y) / values.length;
  const [ma, mb] = [mean(a), mean(b)];
  const covariance = (x: number[], mx: number, y: number[], my: number) =>
    mean(x.map((v, i) => (v - mx) * (y[i] - my)));
  return covariance(a, ma, b, mb) / Math.sqrt(covariance(a, ma, a, ma) * covariance(b, mb, b, mb));
};

test("a stream is given by seed and name", () => {
  const take = (seed: number, name: string) => draw(20, randomStream(seed, name).uniform);
  assert.deepEqual(take(42, "start/client/Biscoe"), take(42, "start/client/Biscoe"));
  for (const [seed, name] of [
    [43, "start/client/Biscoe"],
    [42, "start/client/Dream"],
    [4, "2/start/client/Biscoe"],
    [42, ""],
  ] as const) {
    const other = take(seed, name);
    assert.ok(
      take(42, "start/client/Biscoe").every((value, i) => value !== other[i]),
      `${seed} ${name}`,
    );
  }
});

test("streams of names that differ in one character are independent of each other", () => {
  for (const draws of [1, 2, 5]) {
    const nth = (name: string) => draw(draws, randomStream(42, name).uniform)[draws - 1];
    const firsts = Array.from({ length: 8000 }, (_, i) => nth(`start/${i}`));
    assert.equal(new Set(firsts).size, 8000);
    const bins = histogram(
      firsts.map((value) => Math.floor(64 * value)),
      64,
    );
    assert.ok(chiSquareUniform(bins) < chiSquareLimit(63), `draw ${draws} of each stream is uniform`);
    // Standard deviation of the correlation of 8000 independent pairs: 0.011.
    assert.ok(Math.abs(correlation(firsts.slice(1), firsts.slice(0, -1))) < 0.037, "neighbours by name");
    const bySeed = Array.from(
      { length: 8000 },
      (_, i) => draw(draws, randomStream(i, "start/0").uniform)[draws - 1],
    );
    assert.ok(
      chiSquareUniform(
        histogram(
          bySeed.map((value) => Math.floor(64 * value)),
          64,
        ),
      ) < chiSquareLimit(63),
    );
    assert.ok(Math.abs(correlation(bySeed.slice(1), bySeed.slice(0, -1))) < 0.037, "neighbours by seed");
  }
});

test("within a stream, draws are uniform on [0, 1), and so are pairs of neighbours", () => {
  const values = draw(100_000, randomStream(1, "uniform").uniform);
  assert.ok(values.every((value) => value >= 0 && value < 1 && Number.isInteger(value * 2 ** 53)));
  assert.ok(
    values.some((value) => !Number.isInteger(value * 2 ** 52)),
    "53 bits are used",
  );
  assert.ok(
    chiSquareUniform(
      histogram(
        values.map((value) => Math.floor(100 * value)),
        100,
      ),
    ) < chiSquareLimit(99),
  );
  const pairs = values.slice(1).map((value, i) => 10 * Math.floor(10 * value) + Math.floor(10 * values[i]));
  assert.ok(chiSquareUniform(histogram(pairs, 100)) < chiSquareLimit(99));
});

test("normal draws have the moments and the tails of N(0, 1)", () => {
  const n = 100_000;
  const values = draw(n, randomStream(2, "normal").normal);
  // Moments 1 to 4 of N(0, 1), and 3.3 standard errors of each over n draws: variances 1, 2, 15, 96.
  for (const [power, expected, variance] of [
    [1, 0, 1],
    [2, 1, 2],
    [3, 0, 15],
    [4, 3, 96],
  ]) {
    const moment = values.reduce((sum, value) => sum + value ** power, 0) / n;
    assert.ok(Math.abs(moment - expected) < 3.3 * Math.sqrt(variance / n), `moment ${power} is ${moment}`);
  }
  // P(|z| > 1), > 2, > 3.
  for (const [limit, chance] of [
    [1, 0.31731],
    [2, 0.0455],
    [3, 0.0027],
  ]) {
    const share = values.filter((value) => Math.abs(value) > limit).length / n;
    assert.ok(
      Math.abs(share - chance) < 3.3 * Math.sqrt((chance * (1 - chance)) / n),
      `beyond ${limit}: ${share}`,
    );
  }
  assert.ok(Math.abs(correlation(values.slice(1), values.slice(0, -1))) < 0.0105);
});

test("integers below n are equally likely, and nothing else comes", () => {
  for (const n of [1, 2, 3, 7, 100]) {
    const random = randomStream(3, `integer ${n}`);
    const counts = histogram(
      draw(50_000, () => random.integer(n)),
      n,
    );
    assert.equal(counts.length, n);
    if (n > 1) assert.ok(chiSquareUniform(counts) < chiSquareLimit(n - 1), `${n}: ${counts}`);
  }
});

test("a shuffle gives each of the 24 orders of four items equally often", () => {
  const random = randomStream(4, "shuffle");
  const counts = new Map<string, number>();
  for (let i = 0; i < 48_000; i++) {
    const order = random.shuffle(["a", "b", "c", "d"]).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assert.equal(counts.size, 24);
  assert.ok(chiSquareUniform([...counts.values()]) < chiSquareLimit(23));
  const items = new Float64Array(100).map((_, i) => i);
  assert.equal(random.shuffle(items), items);
  assert.deepEqual(
    items.slice().sort(),
    new Float64Array(100).map((_, i) => i),
  );
});
