import type { Algorithm } from "./algorithm.js";
import { bestLloyd } from "./best-lloyd.js";
import { fkm } from "./fkm.js";
import { kFed } from "./k-fed.js";
import { lloyd } from "./lloyd.js";

/** Names of the algorithms, as `--algorithm` takes them. */
export type AlgorithmName = "fkm" | "lloyd" | "best-lloyd" | "k-fed";

/** Every algorithm by its name. */
export const ALGORITHMS: Readonly<Record<AlgorithmName, Algorithm>> = {
  fkm,
  lloyd,
  "best-lloyd": bestLloyd,
  "k-fed": kFed,
};

export const ALGORITHM_NAMES: readonly AlgorithmName[] = Object.keys(ALGORITHMS) as AlgorithmName[];
