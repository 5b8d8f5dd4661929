import assert from "node:assert/strict";
import { test } from "node:test";
import { dealingOrder, HASH_LENGTH, hashRows } from "#src/federation/client/row-hashes.js";
import { askPython } from "../../support/python.js";

const SECRET = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/** A row's halves and thirds, for one to four columns, in an order: written out, not computed. */
const PARTS = `
import base64, hashlib, hmac, struct
COLUMNS = {1: [[0], [0], [0], [0], [0]], 2: [[0], [1], [0], [1], [0]], 3: [[0, 2], [1], [0], [1], [2]],
           4: [[0, 2], [1, 3], [0, 3], [1], [2]]}
def part(number, values):
    data = bytes([number]) + struct.pack(f"<{len(values)}d", *[v + 0.0 for v in values])
    return base64.b64encode(hmac.new(bytes.fromhex("${SECRET}"), data, hashlib.sha256).digest()[:6]).decode()
rows, order = cases
answer(["".join(part(p, [row[order[at]] for at in columns]) for p, columns in enumerate(COLUMNS[len(row)]))
        for row in rows])
`;

const matrix = (rows: readonly (readonly number[])[]) => ({
  data: Float64Array.from(rows.flat()),
  nRows: rows.length,
  nColumns: rows[0].length,
});

test("a row's hash is those of the halves and of the thirds of its numbers, in an order, under a key", () => {
  const cases: [number[][], number[]][] = [
    [[[0.1], [-7]], [0]],
    [
      [
        [1, 2],
        [1, 3],
        [4, 2],
      ],
      [1, 0],
    ],
    [[[0.1, -2, 1e300]], [2, 0, 1]],
    [
      [
        [1, 2, 3, 4],
        [1, 2, 3, 5],
      ],
      [3, 1, 0, 2],
    ],
  ];
  for (const [rows, order] of cases) {
    const hashes = hashRows(SECRET, matrix(rows), order);
    assert.deepEqual(hashes, askPython<string[]>(PARTS, [rows, order]));
    for (const hash of hashes) assert.equal(hash.length, HASH_LENGTH);
  }
});

test("0 and -0 are one number; another key gives other hashes", () => {
  assert.deepEqual(hashRows(SECRET, matrix([[0, 1]]), [0, 1]), hashRows(SECRET, matrix([[-0, 1]]), [0, 1]));
  const hashes = hashRows(SECRET, matrix([[1], [2]]), [0]);
  assert.notDeepEqual(hashRows(SECRET.replace("0", "1"), matrix([[1], [2]]), [0]), hashes);
});

test("columns are dealt by how many different values they have, whatever the order of the rows", () => {
  const rows = [
    [0, 1, 5, 0],
    [1, 2, 5, -0],
    [0, 3, 5, 1],
    [1, 4, 5, 1],
  ];
  assert.deepEqual(dealingOrder(matrix(rows)), [1, 0, 3, 2]);
  assert.deepEqual(dealingOrder(matrix(rows.toReversed())), [1, 0, 3, 2]);
});
