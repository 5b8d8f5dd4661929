import { createHmac, createSecretKey } from "node:crypto";
import type { Matrix } from "../../numerics/matrix.js";

/** Bytes that are kept of the hash of half a row: 96 bits, which no two of a client's rows share by chance. */
const KEPT_BYTES = 12;

/** Characters of a row's hash. */
export const HASH_LENGTH: number = 2 * ((KEPT_BYTES / 3) * 4);

/**
 * Keyed hashes by which a client knows its rows again: of their values alone, as 64-bit numbers, so that the format of
 * the file, the order of its rows and what else it has do not matter. Who has not the key cannot test guesses of values.
 *
 * @param secret the key, hexadecimal
 * @param rows (n, d)
 * @returns (n,) of the first half of the columns, then of the others, where there are any: HMAC-SHA-256, cut short, as
 *   Base64
 */
export function hashRows(secret: string, { data, nRows, nColumns: d }: Matrix): string[] {
  const key = createSecretKey(secret, "hex");
  const middle = Math.ceil(d / 2);
  const halves =
    d === 1
      ? [
          [0, 1],
          [0, 1],
        ]
      : [
          [0, middle],
          [middle, d],
        ];
  const bytes = new DataView(new ArrayBuffer(8 * middle + 1));
  const half = (i: number, number: number) => {
    const [from, to] = halves[number];
    bytes.setUint8(0, number);
    // With 0 added, as -0 and 0 are equal.
    for (let j = from; j < to; j++) bytes.setFloat64(1 + 8 * (j - from), data[i * d + j] + 0, true);
    const hmac = createHmac("sha256", key).update(new Uint8Array(bytes.buffer, 0, 1 + 8 * (to - from)));
    return hmac.digest().toString("base64", 0, KEPT_BYTES);
  };
  return Array.from({ length: nRows }, (_, i) => half(i, 0) + half(i, 1));
}
