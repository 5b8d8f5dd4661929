import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { epsilonOf, integerSigma, mu2Of, muOf } from "#src/privacy/gaussian-account.js";
import { runPython, skipWithoutPython } from "../support/python.js";

const DELTA = 1e-6;

/** A run as the algorithm plans it: the share of mu^2 that the rounds of many cells have, then rounds of which the last weighs double. */
interface Plan {
  readonly epsilon: number;
  readonly manyCells: number;
  readonly rounds: number;
  readonly share: number;
}

/** Times that noise of a sigma is drawn for an integer that one row moves. */
type Draw = readonly [sigma: number, move: number, times: number];

/** What a run draws for the cell that a row is in, on a grid of `unit` steps, and what it spends. */
function drawsOf(
  { epsilon, manyCells, rounds, share }: Plan,
  unit: number,
): { draws: Draw[]; epsilon: number } {
  const mu2 = muOf(epsilon, DELTA) ** 2;
  const draws: Draw[] = [];
  let spent = 0;
  const ask = (budget: number, shareCount: number, times: number) => {
    // Half a step for each of four coordinates, all of it in one of them.
    for (const [part, move] of [
      [shareCount, unit],
      [0.1, unit],
      [0.9 - shareCount, unit + 1],
    ]) {
      const sigma = integerSigma(move, budget * part);
      draws.push([sigma, move, times]);
      spent += times * mu2Of(move, sigma);
    }
  };
  ask((mu2 * share) / manyCells, 0.25, manyCells);
  const rest = (mu2 * (1 - share)) / (rounds + 1);
  ask(rest, 0.05, rounds - 1);
  ask(2 * rest, 0.05, 1);
  return { draws, epsilon: epsilonOf(Math.sqrt(spent), DELTA) };
}

/** What penguins, blobs of 2,000 rows and digits are run with at epsilon 0.1, 1, 4 and 8. */
const PLANS = {
  "0.1, a fifth first": { epsilon: 0.1, manyCells: 1, rounds: 6, share: 0.2 },
  "0.1, two fifths first": { epsilon: 0.1, manyCells: 1, rounds: 6, share: 0.4 },
  "1, three rounds of .55": { epsilon: 1, manyCells: 3, rounds: 6, share: 0.55 },
  "1, three rounds of .6": { epsilon: 1, manyCells: 3, rounds: 6, share: 0.6 },
  "4, six rounds of k": { epsilon: 4, manyCells: 3, rounds: 6, share: 0.6 },
  "4, five rounds of k": { epsilon: 4, manyCells: 3, rounds: 5, share: 0.5 },
  "8, five rounds of k": { epsilon: 8, manyCells: 3, rounds: 5, share: 0.5 },
} as const;

/** Bounds of a run's epsilon. */
type Account = readonly [lower: number, upper: number];

/*
 * On a grid of 2^10 steps, of which sigma is 5,000 to 500,000: by discrete_accounts.py with dp-accounting 0.6.0 (its discrete
 * Gaussian: privacy buckets of 1e-5 rounded down, connect-the-dots of 1e-4), and by its enumeration of all integers (NumPy 2.4.6,
 * steps of 1e-5).
 */
const ON_COARSE_GRID: Readonly<
  Record<keyof typeof PLANS, readonly [dpAccounting: Account, enumeration: Account]>
> = {
  "0.1, a fifth first": [
    [0.0998944771140885, 0.10000183063835841],
    [0.09989447705738858, 0.10010447691098465],
  ],
  "0.1, two fifths first": [
    [0.09989460407421084, 0.10000195803918685],
    [0.09989460407729342, 0.10010460388270512],
  ],
  "1, three rounds of .55": [
    [0.9998232107038544, 0.9999586538892364],
    [0.9998232102946336, 1.0000932088321208],
  ],
  "1, three rounds of .6": [
    [0.9998186989492555, 0.9999540801032785],
    [0.999818698533565, 1.0000886971182574],
  ],
  "4, six rounds of k": [
    [3.999682920426015, 3.9998180604036326],
    [3.9996829189394476, 3.999952914133934],
  ],
  "4, five rounds of k": [
    [3.9994690950790477, 3.9995892183252293],
    [3.999469093728895, 3.999709089007484],
  ],
  "8, five rounds of k": [
    [7.997633425659846, 7.997753487795684],
    [7.997633423483298, 7.997873415325908],
  ],
};

function agree(epsilon: number, accounts: readonly Account[]): void {
  for (const [lower, upper] of accounts) {
    assert.ok(upper - lower < 5e-4, `${lower} and ${upper} lie apart`);
    assert.ok(epsilon >= lower, `${epsilon} is below ${lower}`);
    assert.ok(Math.abs(epsilon - upper) < 1e-3, `${epsilon} is not ${upper}`);
  }
}

for (const [name, plan] of Object.entries(PLANS)) {
  test(`a run's epsilon is an upper bound within 1e-3 of two accountants of the discrete Gaussian: ${name}`, () => {
    const { epsilon } = drawsOf(plan, 2 ** 10);
    agree(epsilon, ON_COARSE_GRID[name as keyof typeof PLANS]);
  });
}

test("so it is on the grid that answers are on, of 2^20 steps", () => {
  // By the enumeration, of 1.4e9 integers a run and direction, in steps of 1e-5.
  const accounts = {
    "4, six rounds of k": [3.999864574183289, 4.000134574154518],
    "8, five rounds of k": [7.999877674877423, 8.000117674931353],
  } as const;
  for (const [name, account] of Object.entries(accounts)) {
    agree(drawsOf(PLANS[name as keyof typeof accounts], 2 ** 20).epsilon, [account]);
  }
});

test("so it is where one row moves several coordinates", () => {
  // Eight rounds in which a row moves the count and the spread by 1,024, and each of four coordinates by 512.
  const mu2 = muOf(1, DELTA) ** 2 / 8;
  const [one, sums] = [integerSigma(1024, mu2 * 0.1), integerSigma(1024, mu2 * 0.8)];
  const spent = 8 * (2 * mu2Of(1024, one) + mu2Of(1024, sums));
  // Of the draws [one, 1024, 16 times], [sums, 512, 32 times], as above.
  agree(epsilonOf(Math.sqrt(spent), DELTA), [
    [0.9997095325048002, 0.9999502994831428],
    [0.9997095324139484, 1.0001895236598677],
  ]);
});

const SCRIPT = join(process.cwd(), "test/privacy/discrete_accounts.py");

function accountOf(accountant: string, run: object): Account {
  const [account] = JSON.parse(
    runPython(readFileSync(SCRIPT, "utf8"), [accountant], JSON.stringify([run])),
  ) as [Account];
  return account;
}

test("an enumeration of all integers says so here and now", { skip: skipWithoutPython }, () => {
  const { draws, epsilon } = drawsOf({ epsilon: 8, manyCells: 1, rounds: 2, share: 0.5 }, 2 ** 10);
  agree(epsilon, [accountOf("enumeration", { delta: DELTA, step: 5e-5, draws })]);
});

test("dp-accounting says so here and now", { skip: skipWithoutDpAccounting() }, () => {
  const { draws, epsilon } = drawsOf(PLANS["8, five rounds of k"], 2 ** 10);
  agree(epsilon, [accountOf("dp-accounting", { delta: DELTA, step: 1e-5, draws })]);
});

function skipWithoutDpAccounting(): string | false {
  try {
    runPython("from importlib.util import find_spec as f; assert f('dp_accounting')");
    return false;
  } catch {
    return "dp-accounting is not installed";
  }
}
