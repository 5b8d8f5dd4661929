import { createHmac } from "node:crypto";
import type { Matrix } from "../../numerics/matrix.js";

/** Bytes of a hash that are kept: 144 bits, which no two of a client's rows share by chance. */
const KEPT_BYTES = 18;

/** Characters of a hash. */
export const HASH_LENGTH: number = (KEPT_BYTES / 3) * 4;

/**
 * Keyed hashes by which a client knows its rows again: of their values alone, as 64-bit numbers, so that the format of
 * the file, the order of its rows and what else it has do not matter. Who has not the key cannot guess values.
 *
 * @param secret the key, hexadecimal
 * @param rows (n, d)
 * @returns (n,) HMAC-SHA-256, cut short, as Base64
 */
export function hashRows(secret: string, { data, nRows, nColumns: d }: Matrix): string[] {
  const key = Buffer.from(secret, "hex");
  const bytes = new DataView(new ArrayBuffer(8 * d));
  return Array.from({ length: nRows }, (_, i) => {
    // With 0 added, as -0 and 0 are equal.
    for (let j = 0; j < d; j++) bytes.setFloat64(8 * j, data[i * d + j] + 0, true);
    return createHmac("sha256", key).update(bytes).digest().toString("base64", 0, KEPT_BYTES);
  });
}
