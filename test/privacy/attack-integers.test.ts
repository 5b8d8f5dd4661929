import assert from "node:assert/strict";
import { test } from "node:test";
import { randomStream } from "#src/numerics/random.js";
import { coarse } from "#src/privacy/coarse-spread.js";
import { groupRows, pointsOf, type WeightedPoints } from "#src/privacy/groups.js";
import { groupsPolicy } from "#src/privacy/policy.js";
import { provenRows } from "#src/privacy/proven-rows.js";
import { momentsRequest } from "#src/workflow/transform/normalization.js";
import { hitsOf, signTest } from "../support/attacks/claims.js";
import { clientUnder } from "../support/attacks/conversation.js";
import { attackedData, ISLANDS, penguinsOf } from "../support/attacks/data.js";
import { leastCountsInOrder } from "../support/attacks/order-proof.js";
import { firstValues, unroundedPoints } from "../support/attacks/rounding.js";
import { type Lattice, type ProvenRow, proveRows, type SpreadRange } from "../support/attacks/row-proof.js";
import { fuzzCases } from "../support/fuzz.js";

/*
 * Who has a client's points, and knows that its columns are of whole numbers, or of few decimals: what rows are there for
 * certain. What can be is to be known to the client's owner before anything leaves.
 */

type Rows = readonly (readonly number[])[];

const matrixOf = (rows: Rows) => ({
  data: Float64Array.from(rows.flat()),
  nRows: rows.length,
  nColumns: rows[0].length,
});

const nameOf = (row: readonly number[]) => row.map((x) => x.toFixed(6)).join();

function countsOf(rows: Rows): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(nameOf(row), (counts.get(nameOf(row)) ?? 0) + 1);
  return counts;
}

/** Standard deviations that agree with one that was rounded to steps of 10 %. */
function roundedTo(stated: number): SpreadRange {
  return { least: stated / Math.sqrt(1.1), most: stated * Math.sqrt(1.1) };
}

/** Of proven rows those that fewer than `size` of the client's rows are like. */
function rareOf(proven: readonly ProvenRow[], rows: Rows, size: number): number {
  const counts = countsOf(rows);
  return proven.reduce((sum, { row, count }) => {
    const here = counts.get(nameOf(row)) ?? 0;
    assert.ok(here >= count, `a row that is proven and not there: ${row}`);
    return sum + (here < size ? count : 0);
  }, 0);
}

/** Points, and what a server that asks for moments reads of standard deviations beside those of points. */
function heardOf(client: ReturnType<typeof clientUnder>): {
  heard: WeightedPoints;
  spreads: (SpreadRange | null)[];
} {
  const points = client.local.raw();
  const weights = client.local.weights ?? new Float64Array(points.nRows).fill(1);
  const { arrays, scalars } = client.answer(momentsRequest(0, false));
  const d = points.nColumns;
  const n = scalars.n_samples as number;
  const spreads = Array.from({ length: d }, (_, j) => {
    const mean = arrays.sums.data[j] / n;
    let squares = 0;
    for (let g = 0; g < points.nRows; g++) squares += weights[g] * (points.data[g * d + j] - mean) ** 2;
    const told = arrays.centered_squared_sums.data[j];
    return Math.abs(told - squares) <= 1e-9 * squares ? null : roundedTo(Math.sqrt(told / n));
  });
  return { heard: { points, weights }, spreads };
}

for (const { name, clients, columns } of attackedData()) {
  test(`rare rows that points prove are counted before anything leaves: ${name}`, (t) => {
    for (const size of [2, 5, 10]) {
      const sum = { rows: 0, rare: 0, foretold: 0, cells: 0, ofCells: 0 };
      for (const attacked of clients) {
        const client = clientUnder(groupsPolicy(size), attacked);
        if (client.local.nPoints === 0) continue;
        const { heard, spreads } = heardOf(client);
        const { rows, cells } = proveRows(heard, columns, spreads);
        const rare = rareOf(rows, attacked.rows, size);
        const matrix = matrixOf(attacked.rows);
        const foretold = provenRows(matrix, groupRows(matrix, null, size), size).rare.length;
        assert.ok(
          rare <= foretold,
          `${attacked.name}, groups of ${size}: ${rare} proven, ${foretold} foretold`,
        );
        sum.rows += rows.reduce((count, row) => count + row.count, 0);
        sum.rare += rare;
        sum.foretold += foretold;
        for (const column of cells) for (const count of column.values()) sum.cells += count;
        sum.ofCells += attacked.rows.length * columns.length;
      }
      const cells = `${sum.cells} of ${sum.ofCells} cells proven`;
      t.diagnostic(`groups of ${size}: ${sum.rare} rare rows proven, ${sum.foretold} foretold, ${cells}`);
      if (name === "penguins" && size > 2) assert.deepEqual([sum.rare, sum.foretold], [0, 0]);
    }
  });
}

test("of the penguins' whole files four rare rows are foretold in groups of two, and none in larger ones", (t) => {
  const { columns } = attackedData().find(({ name }) => name === "penguins")!;
  const figures = [2, 5, 10].map((size) =>
    ISLANDS.map((island) => {
      const whole = penguinsOf(island);
      const matrix = matrixOf(whole.rows);
      const foretold = provenRows(matrix, groupRows(matrix, null, size), size).rare.length;
      const { heard, spreads } = heardOf(clientUnder(groupsPolicy(size), whole));
      const rare = rareOf(proveRows(heard, columns, spreads).rows, whole.rows, size);
      t.diagnostic(`${island}, groups of ${size}: ${rare} rare rows proven, ${foretold} foretold`);
      assert.ok(rare <= foretold);
      return foretold;
    }),
  );
  assert.deepEqual(figures, [
    [4, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ]);
});

test("of rows every one is proven", () => {
  for (const { clients, columns } of attackedData()) {
    for (const attacked of clients) {
      const { heard } = heardOf(clientUnder(groupsPolicy(1), attacked));
      const { rows } = proveRows(
        heard,
        columns,
        columns.map(() => null),
      );
      assert.equal(
        rows.reduce((sum, { count }) => sum + count, 0),
        attacked.rows.length,
      );
    }
  }
});

/** Columns of few values, in which squares tell most; what they are drawn from. */
const KINDS: Record<string, { lattice: Lattice; draw: (random: ReturnType<typeof randomStream>) => number }> =
  {
    "1 to 5": {
      lattice: { low: 1, step: 1, high: 5 },
      draw: (random) => Math.max(1, Math.min(5, Math.round(3.5 + random.normal()))),
    },
    "near 4": {
      lattice: { low: 0, step: 1, high: 8 },
      draw: (random) => Math.max(0, Math.round(4 + 0.6 * random.normal())),
    },
    "mostly 0": {
      lattice: { low: 0, step: 1, high: Infinity },
      draw: (random) => (random.uniform() < 0.12 ? 1 + Math.floor(6 * random.uniform() ** 2) : 0),
    },
    ages: {
      lattice: { low: 20, step: 1, high: 90 },
      draw: (random) => Math.max(20, Math.min(90, Math.round(55 + 15 * random.normal()))),
    },
    "yes or no": { lattice: { low: 0, step: 1, high: 1 }, draw: (random) => Number(random.uniform() < 0.3) },
  };

function deviationOf(values: readonly number[]): number {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length);
}

/** Rare rows and cells that are proven with ranges of spreads told, beyond those that points alone prove. */
function provenBeyond(rows: Rows, lattice: Lattice, size: number, spreads: readonly (SpreadRange | null)[]) {
  const matrix = matrixOf(rows);
  const heard = pointsOf(matrix, null, groupRows(matrix, null, size));
  const columns = rows[0].map(() => lattice);
  const cellsOf = ({ cells }: ReturnType<typeof proveRows>) =>
    cells.reduce((sum, column) => sum + [...column.values()].reduce((all, count) => all + count, 0), 0);
  const alone = proveRows(
    heard,
    columns,
    columns.map(() => null),
  );
  const more = proveRows(heard, columns, spreads);
  return {
    rare: rareOf(more.rows, rows, size) - rareOf(alone.rows, rows, size),
    cells: cellsOf(more) - cellsOf(alone),
  };
}

test("the coarse spread proves no row and no cell; stated of columns of few values, or exact, it would", (t) => {
  const told = {
    "as clients state it": null,
    "of every column": (column: number[]) => roundedTo(coarse(deviationOf(column))),
    "exact sums of squares": (column: number[]) => ({
      least: deviationOf(column) * (1 - 1e-9),
      most: deviationOf(column) * (1 + 1e-9),
    }),
  };
  for (const [how, tell] of Object.entries(told)) {
    const sum = { rare: 0, cells: 0, clients: 0, withMore: 0, stated: 0 };
    for (const [kind, { lattice, draw }] of Object.entries(KINDS)) {
      for (const size of [2, 5, 10]) {
        for (const groups of [1, 2, 4, 8, 16]) {
          for (let at = 0; at < fuzzCases(2); at++) {
            const random = randomStream(at, `${kind}/${size}/${groups}`);
            const n = Math.round(groups * size * (1 + 0.4 * random.uniform()));
            const rows = Array.from({ length: n }, () =>
              Array.from({ length: 1 + (at % 2) }, () => draw(random)),
            );
            const spreads =
              tell === null
                ? heardOf(clientUnder(groupsPolicy(size), { name: "a", rows, labels: [] })).spreads
                : rows[0].map((_, j) => tell(rows.map((row) => row[j])));
            const { rare, cells } = provenBeyond(rows, lattice, size, spreads);
            sum.rare += rare;
            sum.cells += cells;
            sum.clients += 1;
            sum.stated += spreads.filter((spread) => spread !== null).length;
            sum.withMore += Number(rare > 0);
          }
        }
      }
    }
    t.diagnostic(
      `${how}: ${sum.withMore} of ${sum.clients} clients have ${sum.rare} rare rows more, ${sum.cells} cells`,
    );
    if (tell === null) assert.deepEqual([sum.rare, sum.cells, sum.stated > 0], [0, 0, true]);
    else assert.ok(sum.withMore > sum.clients / 10 && sum.cells > 100);
  }
});

test("rows that points look like are a client's no more often than others of their kind", (t) => {
  const sum = { claims: 0, inside: 0, outside: 0, refused: 0 };
  for (const { clients, columns } of attackedData()) {
    for (const attacked of clients) {
      for (const size of [2, 5, 10]) {
        const client = clientUnder(groupsPolicy(size), attacked);
        const matrix = matrixOf(attacked.rows);
        if (client.local.nPoints === 0) continue;
        if (provenRows(matrix, groupRows(matrix, null, size), size).rare.length > 0) {
          sum.refused += 1;
          continue;
        }
        const { points, weights } = heardOf(client).heard;
        const d = columns.length;
        const claims = [...weights.keys()].flatMap((g) => {
          const mean = Array.from(points.data.subarray(g * d, (g + 1) * d));
          const nearest = mean.map(
            (x, j) => columns[j].low + Math.round((x - columns[j].low) / columns[j].step) * columns[j].step,
          );
          // Or all of a sum in one row, and nothing in the others.
          const whole = mean.map((x, j) => columns[j].low + (x - columns[j].low) * weights[g]);
          return [nearest, whole];
        });
        const scale = columns.map(({ step }) => step);
        const hits = hitsOf(claims, attacked.rows, attacked.heldOut, {
          scale,
          tolerance: 1e-3,
          common: size,
        });
        sum.claims += hits.claims;
        sum.inside += hits.inside;
        sum.outside += hits.outside;
      }
    }
  }
  const p = signTest(sum.inside, sum.outside);
  t.diagnostic(
    `${sum.inside} of ${sum.claims} claims are a client's rows alone, ${sum.outside} only others'; ${sum.refused} clients refuse`,
  );
  assert.ok(sum.claims > 100 && p >= 0.001, `${sum.inside} and ${sum.outside}, p = ${p}`);
});

test("what the order of groups proves of one column is foretold as well", (t) => {
  const { clients, columns } = attackedData().find(({ name }) => name === "staircase")!;
  const sum = { bySums: 0, inOrder: 0, foretold: 0 };
  for (const attacked of clients) {
    for (const size of fuzzCases(1) > 1 ? [2, 5, 10] : [2, 5]) {
      const matrix = matrixOf(attacked.rows);
      const groups = groupRows(matrix, null, size);
      const { points, weights } = pointsOf(matrix, null, groups);
      const order = [...weights.keys()].sort((a, b) => points.data[2 * a] - points.data[2 * b]);
      const sums = order.map((g) => ({ rows: weights[g], sum: Math.round(points.data[2 * g] * weights[g]) }));
      const counts = countsOf(attacked.rows);
      const rare = (proven: readonly ReadonlyMap<number, number>[]) =>
        proven.reduce((total, ofGroup) => {
          for (const [value, count] of ofGroup) {
            const here = counts.get(nameOf([value, 1])) ?? 0;
            assert.ok(here >= count, `${value} is proven and not there`);
            if (here < size) total += count;
          }
          return total;
        }, 0);
      const alone = proveRows({ points, weights }, columns, [null, null]);
      const inOrder = rare(leastCountsInOrder(sums, columns[0].high));
      const foretold = provenRows(matrix, groups, size).rare.length;
      assert.ok(
        inOrder <= foretold,
        `${attacked.name}, groups of ${size}: ${inOrder} proven, ${foretold} foretold`,
      );
      sum.bySums += rareOf(alone.rows, attacked.rows, size);
      sum.inOrder += inOrder;
      sum.foretold += foretold;
    }
  }
  t.diagnostic(`rare rows proven by sums ${sum.bySums}, in order ${sum.inOrder}, foretold ${sum.foretold}`);
  assert.ok(sum.inOrder > sum.bySums, "the order proves more");
});

test("a point's last bits tell nothing of its first row; of means that are not rounded to a grid they do", (t) => {
  const sum = { columns: 0, unrounded: 0 };
  for (const [kind, high] of [
    ["yes or no", 1],
    ["small", 10],
    ["large", 1000],
  ] as const) {
    for (const size of [2, 5, 10]) {
      const random = randomStream(1, `${kind}/${size}`);
      const rows = Array.from({ length: 200 }, () =>
        Array.from({ length: 3 }, () => (random.uniform() < 0.4 ? random.integer(high + 1) : 0)),
      );
      const matrix = matrixOf(rows);
      const groups = groupRows(matrix, null, size);
      const [rounded, unrounded] = [pointsOf(matrix, null, groups), unroundedPoints(matrix, groups)];
      for (let j = 0; j < 3; j++) {
        // Whatever rows are first, the sums alone give the bits.
        const isOfSums = [6, 7, 8, 9, 10, 11].some((decimals) =>
          rounded.weights.every((weight, g) => {
            const members = groups.rows.subarray(groups.starts[g], groups.starts[g + 1]);
            const total = members.reduce((all, i) => all + rows[i][j], 0);
            const onGrid = Math.round((total / weight) * 10 ** decimals) / 10 ** decimals;
            return rounded.points.data[3 * g + j] === onGrid;
          }),
        );
        assert.ok(isOfSums, `${kind}, groups of ${size}`);
        for (let g = 0; g < rounded.weights.length; g++) {
          const members = Array.from(
            groups.rows.subarray(groups.starts[g], groups.starts[g + 1]),
            (i) => rows[i][j],
          );
          if (new Set(members).size === 1) continue;
          const domain = [...new Set(rows.map((row) => row[j]))];
          sum.columns += 1;
          const left = firstValues(unrounded.points.data[3 * g + j], members.length, domain);
          assert.ok(left.includes(members[0]));
          if (left.length === 1) sum.unrounded += 1;
        }
      }
    }
  }
  t.diagnostic(`${sum.unrounded} of ${sum.columns} first values read from unrounded means`);
  assert.ok(sum.unrounded > sum.columns / 100);
});
