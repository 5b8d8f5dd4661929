import { drawsPerRestart, type KMeansOptions, type KMeansResult, openRestarts } from "../numerics/k-means.js";
import { replay } from "../numerics/random.js";

/** Restarts of one k-means that several threads share. */
export interface RestartsTask {
  /** (n, d) row-major */
  readonly rows: Float64Array;
  readonly d: number;
  readonly k: number;
  /** (n,), or null for 1 each. */
  readonly weights: Float64Array | null;
  readonly options: KMeansOptions;
  /** (restarts, drawsPerRestart(k)) what each restart draws. */
  readonly drawn: Float64Array;
  /** (1,) shared: the next restart that nobody has begun. */
  readonly next: Int32Array;
}

/** What one thread found. */
export interface Restarted {
  /** The best of its restarts, the earliest of equals; null if it made none. */
  readonly best: (KMeansResult & { readonly restart: number }) | null;
  /** Whether each of its restarts found k clusters, and so used all the numbers drawn for it. */
  readonly isWhole: boolean;
}

/** Makes restarts until there are none left. */
export function makeRestarts({ rows, d, k, weights, options, drawn, next }: RestartsTask): Restarted {
  const nDraws = drawsPerRestart(k);
  const take = () => Atomics.add(next, 0, 1);
  let restart = take();
  if (restart >= options.restarts) return { best: null, isWhole: true };
  const restarts = openRestarts(rows, d, k, weights, options);
  let best: Restarted["best"] = null;
  let isWhole = true;
  for (; restart < options.restarts && isWhole; restart = take()) {
    const draws = replay(drawn.subarray(restart * nDraws, (restart + 1) * nDraws));
    const { inertia, read } = restarts.restart(draws);
    if (draws.left() > 0) isWhole = false;
    else if (best === null || inertia < best.inertia) best = { ...read(), inertia, restart };
  }
  restarts.close();
  return { best, isWhole };
}
