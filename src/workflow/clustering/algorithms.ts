import type { Algorithm } from "./algorithm.js";
import { bestLloyd } from "./best-lloyd.js";
import { dpLloyd } from "./dp-lloyd.js";
import { fkm } from "./fkm.js";
import { kFed } from "./k-fed.js";
import { lloyd } from "./lloyd.js";

/** Every algorithm by its name. */
export const ALGORITHMS = {
  fkm: fkm as Algorithm,
  lloyd: lloyd as Algorithm,
  "best-lloyd": bestLloyd as Algorithm,
  "k-fed": kFed as Algorithm,
  "dp-lloyd": dpLloyd as Algorithm,
} as const;

/** A name of an algorithm, as `--algorithm` takes it. */
export type AlgorithmName = keyof typeof ALGORITHMS;

export const ALGORITHM_NAMES: readonly AlgorithmName[] = Object.keys(ALGORITHMS) as AlgorithmName[];
