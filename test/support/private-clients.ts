import { kMeans } from "#src/numerics/k-means.js";
import type { Matrix } from "#src/numerics/matrix.js";
import { randomStream } from "#src/numerics/random.js";
import { muOf } from "#src/privacy/gaussian-account.js";
import { noisySums } from "#src/privacy/noisy-sums.js";
import type { Clustering, Combined } from "#src/workflow/clustering/algorithm.js";
import { dpLloyd } from "#src/workflow/clustering/dp-lloyd.js";
import { privateSumsReply, readPrivateQuestion } from "#src/workflow/clustering/private-sums.js";
import type { Message } from "#src/workflow/message.js";

/*
 * Clients that answer the questions of `dp-lloyd` with the real mechanism, its noise from a seed: the same in every run of a
 * test, which is what a client must never do.
 */

export interface PrivateRun {
  readonly k: number;
  readonly epsilon: number;
  readonly delta: number;
  /** Of the server's draws, and of the noise. */
  readonly seed: number;
  /** As declared; default: as many as there are. */
  readonly declaredRows?: number;
  /** A client that does not answer a question, by their numbers. */
  readonly misses?: (client: number, question: number) => boolean;
}

/** What the server of a run works with, and what it asked. */
export function privateClustering(clients: readonly Matrix[], run: PrivateRun) {
  const { k, epsilon, delta, seed, misses = () => false } = run;
  const nColumns = clients[0].nColumns;
  const mu = muOf(epsilon, delta);
  const draws = clients.map((_, client) => randomStream(seed, `noise of client ${client}`));
  const requests: Message[] = [];
  const replyOf = (client: number, request: Message): Message => {
    const question = readPrivateQuestion(request, nColumns);
    const words = { next: () => Math.floor(draws[client].uniform() * 2 ** 32) };
    const mu2 = mu * mu * question.shares[question.question];
    return privateSumsReply(noisySums(clients[client], { ...question, mu2 }, words));
  };
  const clustering = {
    options: {
      ...{ k, randomState: seed },
      privately: {
        ...{ epsilon, delta, mu },
        declaredRows: run.declaredRows ?? clients.reduce((sum, { nRows }) => sum + nRows, 0),
      },
    },
    ...{ nColumns, nClients: clients.length, cluster: kMeans },
    ask: async (_step: string, request: Message, read: (reply: Message) => unknown) => {
      requests.push(request);
      const { question } = readPrivateQuestion(request, nColumns);
      const asked = [...clients.keys()].filter((client) => !misses(client, question));
      return {
        clients: asked.map(String),
        values: asked.map((client) => read(replyOf(client, request))),
        dropped: [...clients.keys()]
          .filter((client) => !asked.includes(client))
          .map((client) => ({ client: String(client), reason: "asleep" })),
      };
    },
  } as unknown as Clustering;
  return { clustering, requests };
}

/** A whole run: what the start and each round came to. */
export async function runPrivately(
  clients: readonly Matrix[],
  run: PrivateRun,
): Promise<{ rounds: Combined[]; requests: Message[] }> {
  const { clustering, requests } = privateClustering(clients, run);
  const rounds = [await dpLloyd.start(clustering)];
  for (let round = 1; rounds.at(-1)!.more; round++) {
    const { global, memory } = rounds.at(-1)!;
    rounds.push(await dpLloyd.rounds!.run(clustering, round, global.means, memory));
  }
  return { rounds, requests };
}
