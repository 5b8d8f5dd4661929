import assert from "node:assert/strict";
import { test } from "node:test";
import { HASH_LENGTH, hashRows } from "#src/federation/client/row-hashes.js";
import { askPython } from "../../support/python.js";

const SECRET = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

const HMAC = `
import base64, hashlib, hmac, struct
def half(number, values):
    data = bytes([number]) + struct.pack(f"<{len(values)}d", *[v + 0.0 for v in values])
    return base64.b64encode(hmac.new(bytes.fromhex("${SECRET}"), data, hashlib.sha256).digest()[:12]).decode()
answer([half(0, row[:(len(row) + 1) // 2]) + half(1, row[(len(row) + 1) // 2:]) for row in cases])
`;

const matrix = (rows: readonly (readonly number[])[]) => ({
  data: Float64Array.from(rows.flat()),
  nRows: rows.length,
  nColumns: rows[0].length,
});

test("a row's hash is that of the first half of its numbers and that of the others, under a key", () => {
  for (const rows of [
    [[0.1, -2, 1e300]],
    [
      [1, 2],
      [1, 3],
      [4, 2],
    ],
  ]) {
    assert.deepEqual(hashRows(SECRET, matrix(rows)), askPython<string[]>(HMAC, rows));
  }
  const hashes = hashRows(
    SECRET,
    matrix([
      [1, 2],
      [1, 3],
      [4, 2],
    ]),
  );
  const halves = hashes.map((hash) => [hash.slice(0, HASH_LENGTH / 2), hash.slice(HASH_LENGTH / 2)]);
  assert.deepEqual([halves[0][0], halves[0][1]], [halves[1][0], halves[2][1]]);
});

test("0 and -0 are one number; one column has no half that all rows agree in; another key gives other hashes", () => {
  assert.deepEqual(hashRows(SECRET, matrix([[0, 1]])), hashRows(SECRET, matrix([[-0, 1]])));
  const [one, two] = hashRows(SECRET, matrix([[1], [2]]));
  const middle = HASH_LENGTH / 2;
  assert.ok(one.slice(0, middle) !== two.slice(0, middle) && one.slice(middle) !== two.slice(middle));
  const other = SECRET.replace("0", "1");
  assert.notDeepEqual(hashRows(other, matrix([[1], [2]])), [one, two]);
});
