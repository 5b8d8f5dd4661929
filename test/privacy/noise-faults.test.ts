import assert from "node:assert/strict";
import { test } from "node:test";
import { systemWords } from "#src/federation/client/random-words.js";
import type { Matrix } from "#src/numerics/matrix.js";
import { randomStream } from "#src/numerics/random.js";
import { discreteGaussian, type RandomWords } from "#src/privacy/discrete-gaussian.js";
import { integerSums, UNIT } from "#src/privacy/integer-sums.js";
import { noisySums, type Question, sigmasOf } from "#src/privacy/noisy-sums.js";
import { auditNoise, type Mechanism, type Neighbours } from "../support/noise-audit.js";

function matrix(...rows: readonly (readonly number[])[]): Matrix {
  return { data: Float64Array.from(rows.flat()), nRows: rows.length, nColumns: 2 };
}

const QUESTION: Question = {
  centres: matrix([-0.5, -0.5], [0.5, 0], [0, 0.9]),
  radii: Float64Array.of(0.3, 0.5, 0.15),
  mu2: 1,
  shareCount: 0.3,
  shareSpread: 0.2,
};

const ROWS = [
  [-0.4, -0.6],
  [-0.5, -0.3],
  [0.4, 0.1],
  [0.5, -0.9],
];

const NEIGHBOURS: Readonly<Record<string, Neighbours>> = {
  "a row in a cell that had none": {
    without: matrix(...ROWS),
    with: matrix(...ROWS, [0.3, 1]),
    moved: [0, 0, 1, 0, 0, 0, 0, 0.15 * Math.sqrt(0.9), 0.15 * Math.sqrt(0.1), 1],
  },
  "a row beyond the radius of a cell of several": {
    without: matrix(...ROWS),
    with: matrix([-1, -0.5], ...ROWS),
    moved: [1, 0, 0, -0.3, 0, 0, 0, 0, 0, 1],
  },
  "the only row of all": {
    without: { data: new Float64Array(), nRows: 0, nColumns: 2 },
    with: matrix([0.5, -0.7]),
    moved: [0, 1, 0, 0, 0, 0, -0.5, 0, 0, 1],
  },
};

const ONE = NEIGHBOURS["a row in a cell that had none"];

for (const [name, neighbours] of Object.entries(NEIGHBOURS)) {
  test(`answers tell no more of a row than they spend: ${name}`, () => {
    const mechanism: Mechanism = (rows, question) => noisySums(rows, question, systemWords());
    assert.deepEqual(auditNoise(mechanism, QUESTION, neighbours, 12_000), []);
  });
}

/** What may go wrong in a mechanism, and does in others. */
interface Faults {
  /** Words of each answer. */
  readonly words: () => RandomWords;
  /** What the noise of a sum is scaled by beyond its radius, and that of counts and the spread. */
  readonly sumScale: (radius: number) => number;
  readonly countScale: number;
  readonly spreadScale: number;
  readonly skipsEmptyCells: boolean;
  readonly sharesDraws: boolean;
  /** What becomes of a count's noise, in rows. */
  readonly rounded: (rows: number) => number;
}

/** A mechanism of the same parts with one fault, or with none. */
function mechanismWith(fault: Partial<Faults>): Mechanism {
  const system = systemWords();
  const faults: Faults = {
    words: () => system,
    sumScale: () => 1,
    countScale: 1,
    spreadScale: 1,
    skipsEmptyCells: false,
    sharesDraws: false,
    rounded: (rows) => rows,
    ...fault,
  };
  return (rows, question) => {
    const words = faults.words();
    const { radii, centres } = question;
    const d = centres.nColumns;
    const sigmas = sigmasOf(question);
    const { counts, sums, spread } = integerSums(rows, centres, radii);
    const isSkipped = (cell: number) => faults.skipsEmptyCells && counts[cell] === 0;
    const draw = (sigma: number, scale: number) =>
      scale === 1
        ? discreteGaussian(sigma, words)
        : discreteGaussian(Math.max(1, Math.round(sigma * scale)), words);
    const draws = Float64Array.from(counts, () => draw(sigmas.count, faults.countScale));
    return {
      counts: counts.map((n, j) => (isSkipped(j) ? n / UNIT : n / UNIT + faults.rounded(draws[j] / UNIT))),
      sums: sums.map((sum, at) => {
        const cell = Math.floor(at / d);
        if (isSkipped(cell)) return 0;
        const noise =
          faults.sharesDraws && at < draws.length
            ? Math.round((draws[at] / sigmas.count) * sigmas.sum)
            : draw(sigmas.sum, faults.sumScale(radii[cell]));
        return ((sum + noise) * radii[cell]) / UNIT;
      }),
      spread: (spread + draw(sigmas.spread, faults.spreadScale)) / UNIT,
      countSigma: sigmas.count / UNIT,
      sumSigmas: radii.map((radius) => (radius * sigmas.sum) / UNIT),
      spreadSigma: sigmas.spread / UNIT,
      mu2: sigmas.mu2,
    };
  };
}

/** Words of a generator with a seed. */
function seeded(seed: number): RandomWords {
  const random = randomStream(seed, "noise");
  return { next: () => Math.floor(random.uniform() * 2 ** 32) };
}

test("the audit finds nothing in the same parts without a fault", () => {
  assert.deepEqual(auditNoise(mechanismWith({}), QUESTION, ONE, 4000), []);
});

let seedsUsed = 0;
/** What is looked for in words lies 8 standard errors and more within its bounds, too. */
const FAULTS: Readonly<Record<string, readonly [fault: Partial<Faults>, seen: RegExp]>> = {
  "a generator of the same seed in every run": [
    { words: () => seeded(1) },
    /only 2 of 8000 answers differ.*mu of Infinity/s,
  ],
  "a generator of the seeds 0, 1, 2, ... for whatever rows": [
    { words: () => seeded(seedsUsed++ % 4000) },
    /numbers 0 and 0 of answers about either rows have a correlation of (1|0\.99)/,
  ],
  "a cell without rows that is answered without noise": [
    { skipsEmptyCells: true },
    /noise of number 2 has 0 of the variance/,
  ],
  "sums that share their draws with counts": [
    { sharesDraws: true },
    /numbers 3 and 0 of numbers of an answer have a correlation of (1|0\.99)/,
  ],
  "noise of a sum in proportion to the square of the radius": [
    { sumScale: (radius) => radius },
    /number 7 has 0\.0[12]\d* of the variance.*tell of a row with a mu of [4-9]\./s,
  ],
  "noise of the spread in proportion to the radius": [
    { spreadScale: 0.3 },
    /number 9 has 0\.[01]\d* of the variance.*tell of a row with a mu of 1\.[5-9]/s,
  ],
  "counts with a fifth too little noise": [{ countScale: 0.8 }, /number 0 has 0\.[567]\d* of the variance/],
  "noise of a count that is rounded towards zero, to whole rows": [
    { rounded: Math.trunc },
    /digit 0 of number 0 is 1 in 0 of 8000 answers/,
  ],
  "noise that is rounded towards zero, to a thousandth of a row": [
    { rounded: (rows) => Math.trunc(rows * 1024) / 1024 },
    /digit 0 of number 0 is 1 in 0 of 8000 answers/,
  ],
};

for (const [name, [fault, seen]] of Object.entries(FAULTS)) {
  test(`the audit sees ${name}`, () => {
    assert.match(auditNoise(mechanismWith(fault), QUESTION, ONE, 4000).join("\n"), seen);
  });
}
