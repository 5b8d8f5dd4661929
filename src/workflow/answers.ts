import { RunError, theSetting } from "../errors.js";
import { behindClusters, behindTotals } from "./behind.js";
import { ALGORITHMS, type AlgorithmName } from "./clustering/algorithms.js";
import { fkm } from "./clustering/fkm.js";
import {
  answerDispersion,
  answerFit,
  behindDispersion,
  type FitReply,
  leastLabelCount,
} from "./evaluation.js";
import type { Answer } from "./exchange.js";
import { answerHandshake, behindHandshake } from "./handshake.js";
import type { LocalData } from "./local-data.js";
import { checkMessage, type Message, malformed, shown } from "./message.js";
import { answerMoments } from "./transform/normalization.js";
import { answerScatter } from "./transform/pca.js";
import { answerProducts, answerWideMoments } from "./transform/wide-pca.js";

/** By a kind of request that has a kind of reply of its own. */
function answersOf(answers: Readonly<Record<string, Omit<Answer, "replyKind">>>): Record<string, Answer> {
  return Object.fromEntries(
    Object.entries(answers).map(([kind, answer]) => [kind, { replyKind: kind, ...answer }]),
  );
}

/** Every request a client knows, but for those of rounds; it answers no other. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  ...answersOf({
    handshake: { answer: answerHandshake, behind: behindHandshake },
    "normalization/moments": { answer: answerMoments, behind: behindTotals },
    "pca/scatter": { answer: answerScatter, behind: behindTotals },
    "pca/moments": { answer: answerWideMoments, behind: behindTotals },
    "pca/products": { answer: answerProducts, behind: behindTotals },
    "evaluation/fit": { answer: answerFit, behind: behindClusters },
    "evaluation/dispersion": { answer: answerDispersion, behind: behindDispersion },
  }),
  ...Object.assign({}, ...Object.values(ALGORITHMS).map(({ answers }) => answers)),
};

/** All that is answered under differential privacy. */
const PRIVATE_KINDS: readonly string[] = ["handshake", "clustering/private_sums"];

/** A round's request names its algorithm; what names none that has rounds is answered as `fkm`. */
function roundAnswer(algorithm: unknown): Answer {
  const isKnown = typeof algorithm === "string" && Object.hasOwn(ALGORITHMS, algorithm);
  const rounds = isKnown ? ALGORITHMS[algorithm as AlgorithmName].rounds : null;
  return (rounds ?? fkm.rounds!).answer;
}

function answerOf({ kind, scalars }: Message): Answer | null {
  if (kind === "clustering/update") return roundAnswer(scalars.algorithm);
  return Object.hasOwn(ANSWERS, kind) ? ANSWERS[kind] : null;
}

/**
 * What a client answers.
 *
 * @param request that is a message
 * @throws RunError if it is none that a client knows, or cannot be answered
 */
export function answer(local: LocalData, request: Message): Message {
  const known = answerOf(request);
  if (known === null) throw new RunError(`unknown request ${shown(request.kind)}`);
  if (local.privately && !PRIVATE_KINDS.includes(request.kind)) {
    throw new RunError(`under ${theSetting("privacy")} dp it answers no ${shown(request.kind)}`);
  }
  return answering(request, known.answer(local, request));
}

/**
 * The smallest sum of weights behind any number of a reply but for counts of labels.
 *
 * @param reply `answer`'s to this request, which was the last that it was given
 * @returns null where nothing of rows is in it
 */
export function smallestWeight(local: LocalData, request: Message, reply: Message): number | null {
  return answerOf(request)?.behind(local, request, reply) ?? null;
}

/**
 * The least number of rows that a reply counts by their labels.
 *
 * @returns null where it counts none
 */
export function smallestLabelCount(reply: Message): number | null {
  return reply.kind === "evaluation/fit" ? leastLabelCount(reply as FitReply) : null;
}

/** The reply to a request, which says what it answers. */
export function answering(request: Message, reply: Message): Message {
  return request.exchange === undefined ? reply : { ...reply, exchange: request.exchange };
}

/**
 * Checks that what came back is an answer to this request, and to none before it: two requests of one run may have
 * answers of the same kind and shapes.
 *
 * @param reply anything
 * @throws RunError if it is no message, of another kind than was asked for, or answers another exchange
 */
export function checkAnswers(request: Message, reply: unknown): Message {
  const message = checkMessage(reply);
  const kind = answerOf(request)?.replyKind ?? request.kind;
  if (message.kind !== kind) {
    throw malformed(request, "its answer", `the kind "${kind}"`, shown(message.kind));
  }
  if (message.exchange !== request.exchange) {
    const expected = `an answer to exchange ${request.exchange}`;
    throw malformed(message, "its exchange", expected, `one to ${shown(message.exchange)}`);
  }
  return message;
}
