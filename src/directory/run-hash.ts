import { createHash } from "node:crypto";
import { endianness } from "node:os";

/** The logged arrays of one round, in the order in which they enter the hash. */
export interface HashedRound {
  globalMeans: Float64Array;
  /** In the order of the round's `participating_clients`. */
  locals: readonly { means: Float64Array; sampleCounts: BigInt64Array }[];
}

/**
 * SHA-256 over the logged means of a run: for each round from 0, the bytes of the global means, then of each
 * client's local means and sample counts, if those are logged. Bytes as in the .npy files, little-endian, without the
 * headers.
 */
export class RunHash {
  readonly #hash = createHash("sha256");

  add(round: HashedRound): void {
    this.#hash.update(littleEndianBytes(round.globalMeans));
    for (const local of round.locals) {
      this.#hash.update(littleEndianBytes(local.means));
      this.#hash.update(littleEndianBytes(local.sampleCounts));
    }
  }

  /** Hexadecimal; the hash may go on afterwards. */
  digest(): string {
    return this.#hash.copy().digest("hex");
  }
}

/** The bytes of an array as a .npy file of ours holds them. */
export function littleEndianBytes(data: Float64Array | BigInt64Array): Uint8Array {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return endianness() === "LE" ? bytes : Buffer.from(bytes).swap64();
}
