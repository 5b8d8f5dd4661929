import { randomFillSync } from "node:crypto";
import type { RandomWords } from "../../privacy/discrete-gaussian.js";

/** Words that are asked of the operating system at a time: asking costs more than what is filled. */
const AT_A_TIME = 2048;

/** Words of the operating system's generator: no seed gives them again. */
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
