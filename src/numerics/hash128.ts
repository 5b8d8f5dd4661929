/**
 * Four 32-bit words from many: a multiply-xorshift hash a word, each from its own offset. Not against anybody who looks
 * for two inputs of one hash.
 */
export function hash128(words: ArrayLike<number>): [number, number, number, number] {
  let [a, b, c, d] = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344];
  // Side by side, for each word waits for the one before it.
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    a = Math.imul(a ^ word, 0x01000193);
    b = Math.imul(b ^ word, 0x01000195);
    c = Math.imul(c ^ word, 0x01000197);
    d = Math.imul(d ^ word, 0x01000199);
    a ^= a >>> 15;
    b ^= b >>> 15;
    c ^= c >>> 15;
    d ^= d >>> 15;
  }
  return [mixed(a), mixed(b), mixed(c), mixed(d)];
}

/** Each bit of the result depends on all of the argument's. */
function mixed(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
