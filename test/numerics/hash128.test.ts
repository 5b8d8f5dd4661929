import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { hash128 } from "#src/numerics/hash128.js";

const PRIMES = [0x01000193, 0x01000195, 0x01000197, 0x01000199].map(BigInt);
const OFFSETS = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344].map(BigInt);
const MASK = 2n ** 32n - 1n;

/** The same in integers of any size. */
function inBigIntegers(words: readonly number[]): number[] {
  return OFFSETS.map((offset, lane) => {
    let h = offset;
    for (const word of words) {
      h = ((h ^ BigInt(word >>> 0)) * PRIMES[lane]) & MASK;
      h ^= h >> 15n;
    }
    h = ((h ^ (h >> 16n)) * 0x85ebca6bn) & MASK;
    h = ((h ^ (h >> 13n)) * 0xc2b2ae35n) & MASK;
    return Number(BigInt.asIntN(32, h ^ (h >> 16n)));
  });
}

test("a hash is what its definition says, in 32 bits", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 })), (words) => {
      assert.deepEqual(hash128(Uint32Array.from(words)), inBigIntegers(words));
    }),
  );
});

test("numbers that differ in a bit, in their order or in how many they are have other hashes, word by word", () => {
  const hashOf = (...values: number[]) => hash128(new Uint32Array(Float64Array.from(values).buffer));
  const hashes = [
    hashOf(0, 1, 2),
    hashOf(-0, 1, 2),
    hashOf(1, 0, 2),
    hashOf(0, 1, 2, 0),
    hashOf(0, 1, 2 + 2 ** -51),
  ];
  for (let word = 0; word < 4; word++) {
    assert.equal(new Set(hashes.map((hash) => hash[word])).size, hashes.length);
  }
});
