import assert from "node:assert/strict";
import { test } from "node:test";
import { systemWords } from "#src/federation/client/random-words.js";
import { randomStream } from "#src/numerics/random.js";
import {
  discreteGaussian,
  LARGEST_SIGMA,
  type RandomWords,
  uniformBelow,
} from "#src/privacy/discrete-gaussian.js";

/** The same words each time. */
function seededWords(): RandomWords {
  const random = randomStream(0, "words");
  return { next: () => Math.floor(random.uniform() * 2 ** 32) };
}

/** Words that are said beforehand. */
function wordsOf(values: readonly number[]): RandomWords {
  const left = values.toReversed();
  return {
    next() {
      const value = left.pop();
      assert.ok(value !== undefined, "more words were drawn than there are");
      return value;
    },
  };
}

/** Probabilities of -reach..reach by the definition. */
function probabilities(sigma: number, reach: number): number[] {
  const weight = (z: number) => Math.exp(-(z * z) / (2 * sigma * sigma));
  let sum = 0;
  for (let z = -40 * sigma; z <= 40 * sigma; z++) sum += weight(z);
  return Array.from({ length: 2 * reach + 1 }, (_, i) => weight(i - reach) / sum);
}

/** Draws that a test is made of. */
const DRAWS = 60_000;

/**
 * How far draws are from the probabilities of the definition.
 *
 * @returns chi-square over a limit that it passes by chance less than once in 10^12
 */
function misfit(sigma: number, draw: () => number): number {
  // The tails are one class, so that each class is expected 100 times and more.
  const reach = Math.floor(2.5 * sigma);
  const expected = probabilities(sigma, reach).map((p) => p * DRAWS);
  expected.push(DRAWS - expected.reduce((a, b) => a + b));
  const observed = new Array<number>(expected.length).fill(0);
  for (let i = 0; i < DRAWS; i++) {
    const z = draw();
    assert.ok(Number.isSafeInteger(z));
    observed[Math.abs(z) <= reach ? z + reach : 2 * reach + 1] += 1;
  }
  const chi2 = observed.reduce((sum, count, i) => sum + (count - expected[i]) ** 2 / expected[i], 0);
  const degrees = expected.length - 1;
  // Laurent & Massart (2000), Lemma 1: beyond it with a chance below exp(-x).
  const x = 30;
  return chi2 / (degrees + 2 * Math.sqrt(degrees * x) + 2 * x);
}

test("rounded draws of a continuous Gaussian are not taken for a discrete one's", () => {
  const random = randomStream(0, "rounded");
  for (const round of [Math.round, Math.trunc, Math.floor]) {
    assert.ok(misfit(1, () => round(random.normal())) > 1.5, round.name);
  }
  assert.ok(misfit(7, () => Math.trunc(7 * random.normal())) > 1.5);
});

for (const [name, words] of [
  ["given words", seededWords()],
  ["the system's words", systemWords()],
] as const) {
  for (const sigma of [1, 2, 3, 7]) {
    test(`draws with ${name} have the probabilities of the definition, sigma ${sigma}`, () => {
      const found = misfit(sigma, () => discreteGaussian(sigma, words));
      assert.ok(found < 1, `${found}`);
    });
  }

  for (const sigma of [1024, 12_345_678, 2 ** 33 + 1, LARGEST_SIGMA]) {
    test(`draws with ${name} have the moments and the shape of a Gaussian, sigma ${sigma}`, () => {
      const bins = new Array<number>(7).fill(0);
      let [sum, squares, fourths, odd, positive] = [0, 0, 0, 0, 0];
      for (let i = 0; i < DRAWS; i++) {
        const z = discreteGaussian(sigma, words);
        assert.ok(Number.isSafeInteger(z));
        const x = z / sigma;
        sum += x;
        squares += x * x;
        fourths += x ** 4;
        odd += Math.abs(z % 2);
        if (z > 0) positive += 1;
        bins[Math.min(6, Math.floor(Math.abs(x) / 0.5))] += 1;
      }
      // 8 standard errors each: by chance less than once in 10^14, were they Gaussian themselves.
      const near = (found: number, expected: number, sd: number) =>
        assert.ok(
          Math.abs(found / DRAWS - expected) < (8 * sd) / Math.sqrt(DRAWS),
          `${found / DRAWS}, not ${expected}`,
        );
      near(sum, 0, 1);
      near(squares, 1, Math.sqrt(2));
      // The eighth moment is 105.
      near(fourths, 3, Math.sqrt(96));
      // The last digit is a coin, and so is the sign.
      near(odd, 0.5, 0.5);
      near(positive, 0.5, 0.5);
      // Of |x| in steps of a half, the last beyond 3, by scipy.stats.norm.
      const shares = [
        0.38292492254802624, 0.2997645695890596, 0.18369610532519798, 0.08811413864135775, 0.0330809332448061,
        0.009719534588292111, 0.00269979606326019,
      ];
      for (const [b, share] of shares.entries()) near(bins[b], share, Math.sqrt(share * (1 - share)));
    });
  }
}

test("draws reach beyond four sigma no more often than they should", () => {
  const words = systemWords();
  const n = 200_000;
  let beyond = 0;
  for (let i = 0; i < n; i++) if (Math.abs(discreteGaussian(5000, words)) > 4 * 5000) beyond += 1;
  // 2 Phi(-4) = 6.334e-5, so 12.7 are expected; more than 50 come with a chance below 10^-15.
  assert.ok(beyond <= 50, `${beyond}`);
});

test("a uniform integer is a remainder of words that are as often any: the rest is drawn again", () => {
  assert.equal(uniformBelow(3, wordsOf([2 ** 32 - 1, 2 ** 32 - 2])), (2 ** 32 - 2) % 3);
  assert.equal(uniformBelow(2 ** 31 + 1, wordsOf([2 ** 31 + 1, 2 ** 31])), 2 ** 31);
  assert.equal(uniformBelow(1, wordsOf([7])), 0);
  // Two words from 2^32 + 1 on, of 53 bits: the upper 21 of the first, then the second.
  const large = 2 ** 52 + 1;
  assert.equal(uniformBelow(large, wordsOf([2 ** 32 - 1, 0, 2 ** 31 - 1, 5])), (2 ** 20 - 1) * 2 ** 32 + 5);
  assert.equal(uniformBelow(2 ** 53, wordsOf([2 ** 32 - 1, 2 ** 32 - 1])), 2 ** 53 - 1);
});

test("a sigma that is none is refused", () => {
  for (const sigma of [0, -1, 1.5, Number.NaN, LARGEST_SIGMA + 1]) {
    assert.throws(
      () => discreteGaussian(sigma, seededWords()),
      /^RangeError: sigma must be an integer from 1 to /,
    );
  }
});
