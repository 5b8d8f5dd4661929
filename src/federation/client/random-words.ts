import { randomFillSync } from "node:crypto";
import type { RandomWords } from "../../privacy/discrete-gaussian.js";

/** Words that are asked for at a time: asking costs more than what is filled. */
const AT_A_TIME = 2048;

/** Words of the host's cryptographic generator, which the operating system seeds: no seed of ours gives them again. */
export function systemWords(): RandomWords {
  const words = new Uint32Array(AT_A_TIME);
  let used = AT_A_TIME;
  return {
    next() {
      if (used === AT_A_TIME) {
        randomFillSync(words);
        used = 0;
      }
      const word = words[used];
      // Whoever gets to see the memory later does not find the noise.
      words[used] = 0;
      used += 1;
      return word;
    },
  };
}
