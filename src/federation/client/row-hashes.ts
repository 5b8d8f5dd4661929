import { createHmac, createSecretKey } from "node:crypto";
import type { Matrix } from "../../numerics/matrix.js";
import { DEALS, N_PARTS } from "../../privacy/alike-rows.js";

/** Bytes that are kept of the hash of a part: of both halves 96 bits, which no two of a client's rows share by chance. */
const KEPT_BYTES = 6;

/** Characters of a row's hash. */
export const HASH_LENGTH: number = N_PARTS * ((KEPT_BYTES / 3) * 4);

/**
 * Keyed hashes by which a client knows its rows again: of their values alone, as 64-bit numbers, so that the format of
 * the file, the order of its rows and what else it has do not matter. Who has not the key cannot test guesses of values.
 *
 * @param secret the key, hexadecimal
 * @param rows (n, d)
 * @param order (d,) of the columns, as `dealingOrder` has it
 * @returns (n,) of each half of the columns, then of each third, one after the other: HMAC-SHA-256, cut short, as Base64
 */
export function hashRows(
  secret: string,
  { data, nRows, nColumns: d }: Matrix,
  order: readonly number[],
): string[] {
  const key = createSecretKey(secret, "hex");
  const parts = DEALS.flatMap((count) => dealt(order, count));
  const bytes = new DataView(new ArrayBuffer(1 + 8 * d));
  const hashOf = (i: number, columns: readonly number[], number: number) => {
    bytes.setUint8(0, number);
    // With 0 added, as -0 and 0 are equal.
    for (const [at, j] of columns.entries()) bytes.setFloat64(1 + 8 * at, data[i * d + j] + 0, true);
    const hmac = createHmac("sha256", key).update(new Uint8Array(bytes.buffer, 0, 1 + 8 * columns.length));
    return hmac.digest().toString("base64", 0, KEPT_BYTES);
  };
  return Array.from({ length: nRows }, (_, i) =>
    parts.map((columns, number) => hashOf(i, columns, number)).join(""),
  );
}

/** One column after the other to each part in turn; where there are fewer columns than parts, one is in several. */
function dealt(order: readonly number[], count: number): number[][] {
  const different = Math.min(count, order.length);
  return Array.from({ length: count }, (_, part) =>
    order.filter((_, at) => at % different === part % different),
  );
}

/**
 * The order in which columns are dealt into parts: those of the most different values first, so that no part is only of
 * columns in which most rows agree with others anyway.
 *
 * @param rows (n, d) that are to be grouped first
 * @returns (d,) numbers of the columns; of those of equally many values the first comes first
 */
export function dealingOrder({ data, nRows, nColumns: d }: Matrix): number[] {
  const values = Array.from({ length: d }, (_, j) => {
    const different = new Set<number>();
    for (let i = 0; i < nRows; i++) different.add(data[i * d + j]);
    return different.size;
  });
  return values.map((_, j) => j).sort((a, b) => values[b] - values[a] || a - b);
}
