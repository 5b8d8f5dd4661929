/**
 * Four 32-bit words from many: a multiply-xorshift hash a word, each from its own offset. Not against anybody who looks
 * for two inputs of one hash.
 */
export function hash128(words: ArrayLike<number>): [number, number, number, number] {
  const hashes: [number, number, number, number] = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344];
  for (let lane = 0; lane < 4; lane++) {
    let h = hashes[lane];
    for (let i = 0; i < words.length; i++) {
      h = Math.imul(h ^ words[i], 0x01000193 + 2 * lane);
      h ^= h >>> 15;
    }
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    hashes[lane] = h ^ (h >>> 16);
  }
  return hashes;
}
