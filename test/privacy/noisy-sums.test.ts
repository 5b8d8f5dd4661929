import assert from "node:assert/strict";
import { test } from "node:test";
import { systemWords } from "#src/federation/client/random-words.js";
import type { Matrix } from "#src/numerics/matrix.js";
import { randomStream } from "#src/numerics/random.js";
import { muOf } from "#src/privacy/gaussian-account.js";
import { integerSums, UNIT } from "#src/privacy/integer-sums.js";
import { clipToBox, noisySums, type Question, sigmasOf } from "#src/privacy/noisy-sums.js";
import { fuzzCases } from "../support/fuzz.js";

function matrix(rows: readonly (readonly number[])[], nColumns = rows[0]?.length ?? 1): Matrix {
  return { data: Float64Array.from(rows.flat()), nRows: rows.length, nColumns };
}

function asking(overrides: Partial<Question> = {}): Question {
  return {
    centres: matrix([
      [0, 0],
      [0.5, 0.5],
    ]),
    radii: Float64Array.of(0.4, 0.3),
    mu2: 0.1,
    shareCount: 0.25,
    shareSpread: 0.1,
    ...overrides,
  };
}

const random = randomStream(24, "noisy-sums");
const uniform = (low: number, high: number) => low + (high - low) * random.uniform();
const integer = (low: number, high: number) => Math.floor(uniform(low, high + 1));

/** A question and rows of any kind: none, one, fewer than cells; near a centre, at its radius, far beyond. */
function randomCase(): { rows: number[][]; question: Question; row: number[] } {
  const d = integer(1, 8);
  const k = integer(1, 9);
  const point = () => Array.from({ length: d }, () => uniform(-1, 1));
  const centres = Array.from({ length: k }, point);
  const radii = Float64Array.from(centres, () => 10 ** uniform(-9, 1));
  const near = () => {
    const j = integer(0, k - 1);
    const direction = point();
    const length = Math.hypot(...direction);
    const reach = radii[j] * [uniform(0, 1), 1, uniform(1, 3)][integer(0, 2)];
    return centres[j].map((c, f) => Math.max(-1, Math.min(1, c + (direction[f] / length) * reach)));
  };
  const anyRow = () => [point, near, () => point().map(Math.sign), () => [...centres[0]]][integer(0, 3)]();
  const shareCount = uniform(0.01, 0.5);
  const question = {
    centres: matrix(centres, d),
    radii,
    mu2: 10 ** uniform(-5, 1),
    shareCount,
    shareSpread: uniform(0.01, 0.45),
  };
  return { rows: Array.from({ length: integer(0, 6) }, anyRow), question, row: anyRow() };
}

test("one row moves the integers by no more than what is spent, and by nearly that", () => {
  let most = 0;
  for (let i = 0; i < fuzzCases(5000); i++) {
    const { rows, question, row } = randomCase();
    const { centres, radii } = question;
    const d = centres.nColumns;
    const without = integerSums(matrix(rows, d), centres, radii);
    const at = integer(0, rows.length);
    const withRow = integerSums(matrix(rows.toSpliced(at, 0, row), d), centres, radii);
    const sigmas = sigmasOf(question);
    const moved = (a: ArrayLike<number>, b: ArrayLike<number>, sigma: number) => {
      let square = 0;
      for (let j = 0; j < a.length; j++) {
        assert.ok(Number.isSafeInteger(a[j]) && Number.isSafeInteger(b[j]));
        square += (a[j] - b[j]) ** 2;
      }
      // The account sets 4 of the variance aside.
      return square / (sigma ** 2 - 4);
    };
    const mu2 =
      moved(withRow.counts, without.counts, sigmas.count) +
      moved(withRow.sums, without.sums, sigmas.sum) +
      moved([withRow.spread], [without.spread], sigmas.spread);
    assert.ok(mu2 <= sigmas.mu2, `moved by ${mu2}, spent ${sigmas.mu2}`);
    assert.ok(sigmas.mu2 <= question.mu2, `spent ${sigmas.mu2}, declared ${question.mu2}`);
    most = Math.max(most, mu2 / question.mu2);
  }
  assert.ok(most > 1 - 1e-5, `${most}`);
});

test("the integers are what the definition says, in the units of one row", () => {
  const rows = matrix([
    [0, 0],
    [0.1, 0.2],
    [-1, 0],
    [0.5, 0.8],
    // As near to one as to the other: the first has it.
    [0.25, 0.25],
  ]);
  const { centres, radii } = asking();
  const found = integerSums(rows, centres, radii);
  assert.deepEqual([...found.counts], [4 * UNIT, UNIT]);
  const sums = [0.1 / 0.4 - 1 + 0.25 / 0.4, (0.2 + 0.25) / 0.4, 0, 1].map((x) => x * UNIT);
  for (const [at, sum] of sums.entries()) assert.ok(Math.abs(found.sums[at] - sum) <= 2, `${found.sums}`);
  const spread = (0 + 0.05 / 0.16 + 1 + 1 + 0.125 / 0.16) * UNIT;
  assert.ok(Math.abs(found.spread - spread) <= 2, `${found.spread}, not ${spread}`);
});

test("what is rounded is as often too much as too little", () => {
  const n = 20_000;
  const rows = Array.from({ length: n }, () => [uniform(0, 0.2), uniform(-0.2, 0)]);
  const { sums, spread } = integerSums(matrix(rows), matrix([[0, 0]]), Float64Array.of(0.4));
  const exact = [0, 0, 0];
  for (const [x, y] of rows) {
    exact[0] += (x / 0.4) * UNIT;
    exact[1] += (y / 0.4) * UNIT;
    exact[2] += ((x * x + y * y) / 0.16) * UNIT;
  }
  // Of errors uniform within half a step, 6 standard deviations of their sum; towards zero they would be 10,000 steps.
  for (const [at, found] of [...sums, spread].entries())
    assert.ok(Math.abs(found - exact[at]) < 6 * Math.sqrt(n / 12), `${found - exact[at]} steps`);
});

test("no rows have integers of zero", () => {
  const { centres, radii } = asking();
  const { counts, sums, spread } = integerSums(matrix([], 2), centres, radii);
  assert.deepEqual([...counts, ...sums, spread], new Array(7).fill(0));
});

for (const [name, epsilon, n] of [
  ["at epsilon 0.1", 0.1, 7],
  ["at epsilon 1", 1, 8],
  ["at epsilon 8", 8, 9],
] as const) {
  test(`a run spends what it declares within 1e-5, and no more, ${name}`, () => {
    const declared = muOf(epsilon, 1e-6) ** 2;
    let spent = 0;
    for (let t = 0; t < n; t++) {
      const question = asking({ mu2: declared / n, shareCount: t < 2 ? 0.25 : 0.05 });
      const answer = noisySums(matrix([], 2), question, systemWords());
      assert.ok(answer.mu2 <= question.mu2);
      spent += answer.mu2;
    }
    assert.ok(spent <= declared && spent > declared * (1 - 1e-5), `${spent} of ${declared}`);
  });
}

test("an answer is the definition's but for noise of the standard deviations that it states", () => {
  const n = 400;
  const rows = matrix(Array.from({ length: n }, (_, i) => (i % 4 === 0 ? [0.1, -0.2] : [0.5, 0.65])));
  const answers = Array.from({ length: 4000 }, () => noisySums(rows, asking(), systemWords()));
  const { countSigma, sumSigmas, spreadSigma } = answers[0];
  const mu2 = [0.1 * 0.25, 0.1 * 0.1, 0.1 * 0.65];
  for (const [found, expected] of [
    [countSigma, 1 / Math.sqrt(mu2[0])],
    [spreadSigma, 1 / Math.sqrt(mu2[1])],
    [sumSigmas[0], 0.4 / Math.sqrt(mu2[2])],
    [sumSigmas[1], 0.3 / Math.sqrt(mu2[2])],
  ]) {
    assert.ok(Math.abs(found / expected - 1) < 1e-5, `${found}, not ${expected}`);
  }
  const check = (values: number[], expected: number, sigma: number) => {
    const noise = values.map((x) => (x - expected) / sigma);
    const mean = noise.reduce((a, b) => a + b) / noise.length;
    const variance = noise.reduce((a, b) => a + b * b, 0) / noise.length;
    // 8 standard errors each.
    assert.ok(Math.abs(mean) < 8 / Math.sqrt(noise.length), `mean ${mean}`);
    assert.ok(Math.abs(variance - 1) < 8 * Math.sqrt(2 / noise.length), `variance ${variance}`);
  };
  const of = (value: (answer: (typeof answers)[number]) => number) => answers.map(value);
  for (const [j, count] of [100, 300].entries())
    check(
      of(({ counts }) => counts[j]),
      count,
      countSigma,
    );
  for (const [at, sum] of [10, -20, 0, 45].entries()) {
    check(
      of(({ sums }) => sums[at]),
      sum,
      sumSigmas[at < 2 ? 0 : 1],
    );
  }
  check(
    of(({ spread }) => spread),
    100 * (0.05 / 0.16) + 300 * 0.25,
    spreadSigma,
  );
});

test("a question that is none is refused in one line, whatever the rows are", () => {
  const refused: readonly (readonly [Partial<Question>, RegExp])[] = [
    [{ radii: Float64Array.of(0.4, Number.NaN) }, /^radii must be positive numbers, .* found NaN$/],
    [{ radii: Float64Array.of(0, 1) }, /^radii must be positive numbers, .* found 0$/],
    [{ radii: Float64Array.of(-1, 1) }, /^radii must be positive numbers, .* found -1$/],
    [{ radii: Float64Array.of(1, Infinity) }, /^radii must be positive numbers, .* found Infinity$/],
    [{ radii: Float64Array.of(1e-300, 1) }, /^radii must be positive numbers, .* found 1e-300$/],
    [{ radii: Float64Array.of(1) }, /^radii must be 2, one of each centre, found 1$/],
    [{ centres: matrix([[0, Number.NaN]]), radii: Float64Array.of(1) }, /^centres must lie .* found NaN$/],
    [{ centres: matrix([[0, 1.5]]), radii: Float64Array.of(1) }, /^centres must lie .* found 1.5$/],
    [{ centres: matrix([[0, -Infinity]]), radii: Float64Array.of(1) }, /^centres must lie .* -Infinity$/],
    [
      { centres: matrix([[0]]), radii: Float64Array.of(1) },
      /^centres must be rows of 2 features, found 1 of 1$/,
    ],
    [
      { centres: matrix([], 2), radii: new Float64Array() },
      /^centres must be rows of 2 features, found 0 of 2$/,
    ],
    [
      { centres: { data: new Float64Array(2 ** 20), nRows: 2 ** 19, nColumns: 2 } },
      /^an answer must have fewer than 1048576 numbers, found 524288 centres of 2 features$/,
    ],
    [{ mu2: 0 }, /^mu\^2 of a question must be positive and finite, found 0$/],
    [{ mu2: Number.NaN }, /^mu\^2 of a question must be positive and finite, found NaN$/],
    [{ mu2: Infinity }, /^mu\^2 of a question must be positive and finite, found Infinity$/],
    [{ mu2: 1e7 }, /^a question must spend .* 1024 to 8796093022208 steps .* found a mu\^2 of 10000000, /],
    [{ mu2: 1e-16 }, /^a question must spend .* found a mu\^2 of 1e-16, which makes it /],
    [{ shareCount: 0 }, /^shares of counts and spread must be positive .* found 0 and 0.1$/],
    [{ shareSpread: -0.1 }, /^shares of counts and spread must be positive .* found 0.25 and -0.1$/],
    [{ shareSpread: Number.NaN }, /^shares of counts and spread must be positive .* found 0.25 and NaN$/],
    [{ shareCount: 0.9 }, /^shares of counts and spread must be .* below 1 together, found 0.9 and 0.1$/],
  ];
  for (const [overrides, message] of refused) {
    for (const rows of [matrix([], 2), matrix([[0, 0]])]) {
      assert.throws(() => noisySums(rows, asking(overrides), systemWords()), { name: "RunError", message });
    }
  }
});

test("rows outside the box are an error of the program, and not an answer", () => {
  for (const x of [1.0001, Number.NaN, -Infinity]) {
    assert.throws(() => noisySums(matrix([[0, x]]), asking(), systemWords()), /^RangeError: rows must lie/);
  }
  const many = { data: new Float64Array(), nRows: 2 ** 32, nColumns: 2 };
  assert.throws(() => noisySums(many, asking(), systemWords()), /^RangeError: there must be fewer than /);
});

test("bounds bring rows into the box, and what lies beyond to its side", () => {
  const rows = matrix([
    [0, 100],
    [5, 150],
    [10, 200],
    [-3, 150],
    [2.5, 1e300],
    [Infinity, -Infinity],
  ]);
  const { rows: inBox, clipped } = clipToBox(rows, Float64Array.of(0, 100), Float64Array.of(10, 200));
  assert.deepEqual([...inBox.data], [-1, -1, 0, 0, 1, 1, -1, 0, -0.5, 1, 1, -1]);
  assert.equal(clipped, 3);
  const wide = clipToBox(
    matrix([[1e308], [-1e308], [0]]),
    Float64Array.of(-1.5e308),
    Float64Array.of(1.5e308),
  );
  assert.ok([...wide.rows.data].every((x, i) => Math.abs(x - [2 / 3, -2 / 3, 0][i]) < 1e-15));
});

test("bounds that are none, and a cell that is not a number, are refused", () => {
  const rows = matrix([[1], [2]]);
  for (const [low, high] of [
    [1, 1],
    [2, 1],
    [Number.NaN, 1],
    [0, Infinity],
  ]) {
    assert.throws(() => clipToBox(rows, Float64Array.of(low), Float64Array.of(high)), {
      name: "RunError",
      message: `bounds of feature 1 must be finite, the lower below the upper, found ${low} and ${high}`,
    });
  }
  assert.throws(() => clipToBox(rows, new Float64Array(2), new Float64Array(2)), {
    message: "bounds must be of 1 features, found 2 and 2",
  });
  assert.throws(() => clipToBox(matrix([[1], [Number.NaN]]), Float64Array.of(0), Float64Array.of(3)), {
    message: "column 1 of row 2 is not a number",
  });
});
