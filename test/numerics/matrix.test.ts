import assert from "node:assert/strict";
import { test } from "node:test";
import { selectColumns } from "#src/numerics/matrix.js";

const ROWS = [
  [1, 2, 3],
  [4, 5, 6],
  [7, 8, 9],
];

test("columns are selected in the order asked for, into new memory or where they lie", () => {
  for (const places of [[2], [2, 0], [0, 1, 2], [1, 2, 0], []]) {
    for (const mayOverwrite of [false, true]) {
      const matrix = { data: Float64Array.from(ROWS.flat()), nRows: 3, nColumns: 3 };
      const selected = selectColumns(matrix, places, mayOverwrite);
      const expected = ROWS.flatMap((row) => places.map((place) => row[place]));
      assert.deepEqual([[...selected.data], selected.nRows, selected.nColumns], [expected, 3, places.length]);
      assert.equal(selected.data.buffer === matrix.data.buffer, mayOverwrite);
      if (!mayOverwrite) assert.deepEqual([...matrix.data], ROWS.flat());
    }
  }
});
