import assert from "node:assert/strict";
import { test } from "node:test";
import type { Matrix } from "#src/numerics/matrix.js";
import { randomStream } from "#src/numerics/random.js";
import { groupRows, pointsOf } from "#src/privacy/groups.js";
import {
  type ClientPreview,
  type PreviewOptions,
  previewRows,
  provenNotice,
  refuseProven,
  rowsInGroups,
} from "#src/privacy/preview.js";
import { askPython, skipWithoutPython } from "../support/python.js";

const OPTIONS: PreviewOptions = { groupSize: 5, groupScale: "std", kGlobal: 3, sharesLabels: false };

function previewOf(rows: Matrix, options: Partial<PreviewOptions> = {}): ClientPreview {
  return previewRows({ client: "north", rows, names: null, labels: null }, { ...OPTIONS, ...options });
}

function drawn(nRows: number, nColumns: number, cell: (column: number) => number): Matrix {
  const data = Float64Array.from({ length: nRows * nColumns }, (_, at) => cell(at % nColumns));
  return { data, nRows, nColumns };
}

test("counts are those that NumPy makes of the rows of each group", { skip: skipWithoutPython }, () => {
  const random = randomStream(1, "rows");
  const clients = [
    drawn(93, 4, (j) => (j < 2 ? random.normal() : random.integer(j))),
    drawn(40, 3, () => (random.uniform() < 0.1 ? 1 + random.integer(3) : 0)),
    drawn(12, 2, () => random.integer(2)),
  ].map((rows) => ({
    rows,
    groups: groupRows(rows, null, 5),
    classOf: rows.data.slice(0, rows.nRows).map(Math.round),
  }));
  const expected = askPython<[Record<string, number>, number[], number[], number[], number[]][]>(
    `
def count(case):
    rows = np.array(case["rows"]["data"]).reshape(case["rows"]["nRows"], -1)
    labels = np.array(case["classOf"])
    starts = case["groups"]["starts"]
    groups = [np.array(case["groups"]["rows"][a:b]) for a, b in zip(starts, starts[1:])]
    sizes, counts = np.unique([len(g) for g in groups], return_counts=True)
    one = np.array([np.ptp(rows[g], axis=0) == 0 for g in groups])
    cells = (one * np.array([len(g) for g in groups])[:, None]).sum(0)
    alike = [g for g in groups if len(np.unique(labels[g])) == 1]
    return dict(zip(map(str, sizes), counts)), one.sum(0), one.mean(0), cells, [len(alike), sum(map(len, alike))]
answer([count(case) for case in cases])
`,
    clients,
  );
  for (const [i, { rows, classOf }] of clients.entries()) {
    const labels = { column: "ward", classOf, classes: 9 };
    const preview = previewRows({ client: "north", rows, names: null, labels }, OPTIONS);
    const { columns, labels: told } = preview;
    assert.deepEqual(
      [
        Object.fromEntries(preview.groupSizes.map((size) => [size.rows, size.groups])),
        columns.map(({ groupsOfOneValue }) => groupsOfOneValue),
        columns.map(({ share }) => share),
        columns.map(({ cellsDisclosed }) => cellsDisclosed),
        [told!.groupsOfOneClass, told!.rowsOfOneClass],
      ],
      expected[i],
    );
    assert.equal(
      preview.groups,
      columns.length === 0 ? 0 : preview.groupSizes.reduce((sum, { groups }) => sum + groups, 0),
    );
    assert.equal(preview.rowsWaiting, 0);
  }
  assert.ok(expected.some(([, one]) => one.some((n) => n > 0)));
});

test("a mean of a group of one value is that value, and what is counted as disclosed is what points show", () => {
  const random = randomStream(2, "rows");
  const rows = drawn(80, 3, () => random.integer(3));
  const { points } = pointsOf(rows, null, groupRows(rows, null, 5));
  const { columns } = previewOf(rows);
  for (const [j, { groupsOfOneValue }] of columns.entries()) {
    const whole = Array.from({ length: points.nRows }, (_, g) => points.data[3 * g + j]).filter(
      Number.isInteger,
    );
    assert.ok(groupsOfOneValue <= whole.length && groupsOfOneValue > 0);
  }
});

test("a client of fewer rows than a group has takes part with nothing, one of fewer than two groups with one mean", () => {
  const random = randomStream(3, "rows");
  for (const [nRows, groups, waiting] of [
    [1, 0, 1],
    [4, 0, 4],
    [5, 1, 0],
    [9, 1, 0],
  ]) {
    const preview = previewOf(drawn(nRows, 2, () => random.normal()));
    assert.deepEqual([preview.groups, preview.rowsWaiting], [groups, waiting]);
    assert.equal(preview.isOnePoint, groups === 1);
    assert.equal(preview.rareRowsProven, 0);
  }
  assert.equal(previewOf(drawn(10, 2, () => random.normal())).isOnePoint, false);
});

test("rows for each cluster and row of a group say what groups cost, and which size costs little", () => {
  const random = randomStream(4, "rows");
  const rows = drawn(120, 2, () => random.normal());
  const costOf = (groupSize: number, kGlobal: number) => {
    const { cost, groupSizeOfLittleCost, rowsPerClusterAndGroupSize } = previewOf(rows, {
      groupSize,
      kGlobal,
    });
    return [rowsPerClusterAndGroupSize, cost, groupSizeOfLittleCost];
  };
  assert.deepEqual(costOf(5, 3), [8, "little", 8]);
  assert.deepEqual(costOf(8, 3), [5, "little", 8]);
  assert.deepEqual(costOf(10, 3), [4, "some", 8]);
  assert.deepEqual(costOf(20, 3), [2, "some", 8]);
  assert.deepEqual(costOf(5, 16), [1.5, "much", null]);
  assert.equal(costOf(1, 100)[1], "none");
});

test("how far values spread leaves of columns of many values alone", () => {
  const random = randomStream(5, "rows");
  const { columns } = previewOf(drawn(60, 2, (j) => (j === 0 ? random.normal() : random.integer(2))));
  assert.deepEqual(
    columns.map(({ spreadLeaves }) => spreadLeaves),
    [true, false],
  );
});

test("a client of which a rare row could be proven is refused, with the columns to leave out, unless it is allowed", () => {
  const random = randomStream(6, "rows");
  const smokers = drawn(60, 3, (j) => (j < 2 ? random.integer(2) : 0));
  smokers.data[2] = 1;
  const names = ["a", "b", "smoker"];
  const preview = previewRows({ client: "north", rows: smokers, names, labels: null }, OPTIONS);
  assert.equal(preview.rareRowsProven, 1);
  assert.deepEqual(preview.columnsToLeaveOut, ["smoker"]);
  assert.throws(() => refuseProven([preview], false), {
    name: "RunError",
    message:
      /^client north: 1 of 60 rows could be proven [^()]* are like them: leave out 1 column with .*dropColumns smoker; or accept it with .*allowProven$/,
  });
  assert.throws(
    () =>
      refuseProven(
        [1, 2, 3, 4, 5].map((i) => ({ ...preview, client: `c${i}` })),
        false,
      ),
    /^RunError: client c1: 1 of 60 [^;]* smoker; client c2: [^;]*; client c3: [^;]*; 2 clients more; or accept it with [^;]*$/,
  );
  refuseProven([preview], true);
  refuseProven([previewOf(drawn(60, 3, () => random.normal()))], false);
  assert.match(
    provenNotice(smokers, groupRows(smokers, null, 5), 5)!,
    /^1 of 60 rows could be proven .* are like them$/,
  );
  const measured = drawn(60, 3, () => random.normal());
  assert.equal(provenNotice(measured, groupRows(measured, null, 5), 5), null);
});

test("constant columns, duplicates and rows themselves have no rare row", () => {
  const constant = previewOf(drawn(30, 2, () => 7));
  assert.deepEqual([constant.rowsProven, constant.rareRowsProven], [30, 0]);
  assert.deepEqual(
    constant.columns.map(({ share }) => share),
    [1, 1],
  );
  const random = randomStream(7, "rows");
  const three = drawn(3, 2, () => random.normal());
  const data = Float64Array.from({ length: 120 }, (_, at) => three.data[at % 6]);
  const duplicates = previewOf({ data, nRows: 60, nColumns: 2 });
  assert.deepEqual([duplicates.rowsProven, duplicates.rareRowsProven], [60, 0]);
  const rows = previewOf(
    drawn(30, 2, () => random.normal()),
    { groupSize: 1 },
  );
  assert.deepEqual([rows.groups, rows.rareRowsProven], [30, 0]);
});

test("rows that settled groups leave out wait, or were retired, and what groups cost is by the others", () => {
  const random = randomStream(8, "rows");
  const rows = drawn(15, 2, () => random.normal());
  const settled = { rows: Uint32Array.from({ length: 12 }, (_, i) => i), starts: Uint32Array.of(0, 5, 12) };
  const preview = previewRows({ client: "north", rows, names: null, labels: null }, OPTIONS, settled);
  assert.deepEqual([preview.groups, preview.rowsWaiting, preview.rowsRetired], [2, 3, 0]);
  const all = previewRows(
    { client: "north", rows, names: null, labels: null },
    { ...OPTIONS, kGlobal: 1 },
    settled,
    null,
    2,
  );
  assert.deepEqual([all.rowsWaiting, all.rowsRetired, rowsInGroups(all)], [1, 2, 12]);
  assert.deepEqual([all.rowsPerClusterAndGroupSize, all.cost, all.groupSizeOfLittleCost], [2.4, "some", 2]);
});
