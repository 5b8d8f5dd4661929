import type { HashedRound } from "../directory/run-hash.js";
import type { Round } from "../federation/run-event.js";

/* What the directory and the result of a run say of a round, beside its means. */

/** How many of its means each client that withheld some did, in client order. */
export function withheldMeans({ locals }: Round): [client: string, count: number][] {
  const withheld: [client: string, count: number][] = [];
  for (const { client, clusters } of locals) {
    const count = clusters.beforeFilter.sent.length - clusters.counts.length;
    if (count > 0) withheld.push([client, count]);
  }
  return withheld;
}

/** @param keepsLocalMeans whether they are logged, and so part of the hash */
export function hashedRound({ global, locals }: Round, keepsLocalMeans: boolean): HashedRound {
  return {
    globalMeans: global.means.data,
    locals: (keepsLocalMeans ? locals : []).map(({ clusters }) => ({
      means: clusters.means.data,
      sampleCounts: BigInt64Array.from(clusters.counts, BigInt),
    })),
  };
}
