import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { deltaOf, epsilonOf, integerSigma, LEAST_SIGMA, mu2Of, muOf } from "#src/privacy/gaussian-account.js";
import { FUZZ_SEED, fuzzCases } from "../support/fuzz.js";

/*
 * From Balle & Wang's formula, erfc(a / sqrt 2) / 2 - exp(epsilon) erfc(b / sqrt 2) / 2, in 60 digits by mpmath 1.4.1.
 */
const DELTAS: readonly (readonly [mu: number, epsilon: number, delta: number])[] = [
  [0.001, 0, 0.0003989422637788383],
  [0.001, 0.001, 8.335713212520849e-5],
  [0.3, 0.1, 0.07976985966882026],
  [1, 1, 0.12693673750664394],
  [1, 8, 3.650821687421791e-15],
  [5, 0.5, 0.9841174642339661],
  [5, 40, 8.823257920004711e-9],
  [20, 100, 0.9999996146685565],
  [20, 300, 2.2727748823194894e-7],
  [60, 1000, 1],
  [0.05, 1, 1.129033227097697e-91],
  [1, 30, 4.709326318097522e-193],
  [3, 0, 0.8663855974622838],
  [100, 10, 1],
];

/** The root of the same formula in mu, by bisection in 60 digits. */
const MUS: readonly (readonly [epsilon: number, delta: number, mu: number])[] = [
  [0.001, 1e-15, 0.0001541665679885929],
  [0.001, 1e-6, 0.00041041594735417446],
  [0.001, 0.01, 0.02628880506374661],
  [0.1, 1e-15, 0.014025128386782338],
  [0.1, 1e-6, 0.02754465024382762],
  [0.1, 0.01, 0.10480177537254445],
  [0.5, 1e-15, 0.06787417985152071],
  [0.5, 1e-6, 0.12410614903052813],
  [0.5, 0.01, 0.31777172380221036],
  [1, 1e-15, 0.13356467682802592],
  [1, 1e-6, 0.23670438066343572],
  [1, 0.01, 0.5325166485029508],
  [4, 1e-15, 0.5100633811264836],
  [4, 1e-6, 0.837858757089998],
  [4, 0.01, 1.4946759880691027],
  [8, 1e-15, 0.9811148287238988],
  [8, 1e-6, 1.5315451175661452],
  [8, 0.01, 2.448801710395708],
  [100, 1e-15, 8.321116606365733],
  [100, 1e-6, 10.221058605068754],
  [100, 0.01, 12.069414763549316],
];

test("delta is that of 60 digits, from above by no more than a share of 2e-10", () => {
  for (const [mu, epsilon, delta] of DELTAS) {
    const found = deltaOf(mu, epsilon);
    assert.ok(found >= delta && found <= delta * (1 + 2e-10), `${mu}, ${epsilon}: ${found}, not ${delta}`);
  }
});

test("mu is that of 60 digits, from below, and epsilon is its inverse, from above", () => {
  for (const [epsilon, delta, mu] of MUS) {
    const found = muOf(epsilon, delta);
    assert.ok(found <= mu && found >= mu * (1 - 1e-9), `${epsilon}, ${delta}: ${found}, not ${mu}`);
    assert.ok(deltaOf(found, epsilon) <= delta);
    const back = epsilonOf(mu, delta);
    assert.ok(back >= epsilon * (1 - 1e-15) && back <= epsilon * (1 + 1e-8), `${mu}, ${delta}: ${back}`);
  }
});

test("mu and epsilon are each other's inverse, and rise with each other and with delta", () => {
  const epsilons = fc.double({ min: Math.log(1e-3), max: Math.log(100), noNaN: true }).map(Math.exp);
  const deltas = fc.double({ min: Math.log(1e-15), max: Math.log(1e-2), noNaN: true }).map(Math.exp);
  fc.assert(
    fc.property(epsilons, deltas, (epsilon, delta) => {
      const mu = muOf(epsilon, delta);
      assert.ok(deltaOf(mu, epsilon) <= delta && deltaOf(mu * (1 + 1e-9), epsilon) > delta);
      assert.ok(Math.abs(epsilonOf(mu, delta) / epsilon - 1) < 1e-9);
      assert.ok(muOf(epsilon * 1.001, delta) > mu && muOf(epsilon, delta * 1.001) > mu);
      assert.ok(epsilonOf(mu * 1.001, delta) > epsilon && epsilonOf(mu, delta * 1.001) < epsilon);
    }),
    { numRuns: fuzzCases(60), seed: FUZZ_SEED },
  );
});

test("far from any use there is an answer, too", () => {
  for (const epsilon of [1e-15, 1e-9, 1e4, 1e100]) {
    for (const delta of [1e-290, 1e-30, 0.5, 0.999]) {
      const mu = muOf(epsilon, delta);
      assert.ok(mu > 0 && deltaOf(mu, epsilon) <= delta, `${epsilon}, ${delta}: ${mu}`);
      assert.ok(
        epsilonOf(mu, delta) <= epsilon * (1 + 1e-9) + 1e-12,
        `${mu}, ${delta}: ${epsilonOf(mu, delta)}`,
      );
    }
  }
  assert.ok(epsilonOf(1e-300, 1e-6) < 1e-19 && epsilonOf(1e6, 1e-6) > 1e11);
});

test("where mu is so small that delta alone covers it epsilon is 0 but for what discrete noise adds", () => {
  assert.equal(epsilonOf(0, 1e-6), 0);
  const epsilon = epsilonOf(2e-6, 1e-6);
  assert.ok(epsilon > 0 && epsilon < 1e-19, `${epsilon}`);
});

test("sigma is the least integer that spends no more than its share", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2 ** 20, max: 2 ** 21 }),
      fc.double({ min: 1e-6, max: 100, noNaN: true }),
      (sensitivity, mu2) => {
        const sigma = integerSigma(sensitivity, mu2);
        assert.ok(mu2Of(sensitivity, sigma) <= mu2 * (1 + 1e-15));
        assert.ok(mu2Of(sensitivity, sigma - 1) > mu2 * (1 - 1e-15));
      },
    ),
    { numRuns: fuzzCases(500), seed: FUZZ_SEED },
  );
  // In numbers: 2^40 / (2^20 - 4).
  assert.equal(mu2Of(2 ** 20, LEAST_SIGMA), 2 ** 40 / 1048572);
});

test("what is no budget and no sigma is refused", () => {
  for (const delta of [0, 1, -1, Number.NaN]) {
    assert.throws(() => muOf(1, delta), /^RangeError: delta must be between 0 and 1, found /);
    assert.throws(() => epsilonOf(1, delta), /^RangeError: delta must be between 0 and 1, found /);
  }
  for (const epsilon of [0, -1, Number.NaN, Infinity]) {
    assert.throws(() => muOf(epsilon, 1e-6), /^RangeError: epsilon must be positive and finite, found /);
  }
  for (const mu of [-1, Number.NaN, Infinity]) {
    assert.throws(() => epsilonOf(mu, 1e-6), /^RangeError: mu must be at least 0 and finite, found /);
  }
  for (const sigma of [LEAST_SIGMA - 1, 5000.5, Number.NaN]) {
    assert.throws(() => mu2Of(1, sigma), /^RangeError: sigma must be an integer of at least 1024, found /);
  }
});
