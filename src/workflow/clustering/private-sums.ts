import { RunError, theSetting } from "../../errors.js";
import type { Matrix } from "../../numerics/matrix.js";
import type { LocalData, PrivateQuestion, PrivateSums } from "../local-data.js";
import {
  checkRange,
  countOf,
  floats,
  floatsOf,
  type Message,
  malformed,
  meansOf,
  type NamedArray,
  numberOf,
} from "../message.js";
import { readTerms, type TermsScalars, termsScalars } from "../protection.js";

/** The server asks for noisy sums; carries all of the question, as a client need not remember the one before. */
export interface PrivateSumsRequest extends Message {
  readonly kind: "clustering/private_sums";
  readonly scalars: TermsScalars & { question: number; share_count: number; share_spread: number };
  readonly arrays: {
    /** (K, d) in the box [-1, 1]^d. */
    centres: NamedArray;
    /** (K,) in units of the box. */
    radii: NamedArray;
    /** (T,) of mu^2, one a question of the run. */
    shares: NamedArray;
  };
}

/**
 * Leaves the client, with noise in every number: for each centre, how many of its rows are nearest to it, and the sum of
 * their differences from it; one sum of all rows' squared distances, in radii. Without noise: how large the noise is,
 * which follows from the request.
 */
export interface PrivateSumsReply extends Message {
  readonly kind: "clustering/private_sums";
  readonly scalars: { spread: number; count_sigma: number; spread_sigma: number };
  readonly arrays: {
    /** (K,) */
    counts: NamedArray;
    /** (K, d) in units of the box. */
    sums: NamedArray;
    /** (K,) standard deviation of the noise of each coordinate. */
    sum_sigmas: NamedArray;
  };
}

export function privateSumsRequest(question: PrivateQuestion): PrivateSumsRequest {
  const { terms, centres, radii, shares } = question;
  return {
    kind: "clustering/private_sums",
    arrays: {
      centres: floats(centres.data, centres.nRows, centres.nColumns),
      radii: floats(radii, radii.length),
      shares: floats(shares, shares.length),
    },
    scalars: {
      ...termsScalars(terms),
      question: question.question,
      share_count: question.shareCount,
      share_spread: question.shareSpread,
    },
  };
}

/** So much may the sum of parts of 1 be above it by rounding. */
const ROUNDING = 1e-12;

/**
 * Reads a question at the client, which need not trust who asks.
 *
 * @param nFeatures d
 * @throws RunError if it is malformed, or none that can be answered: parts that are not between 0 and 1 or come to more
 *   than the whole, a question past the last, centres out of the box, radii of 0 or beyond the box's diagonal
 */
export function readPrivateQuestion(request: Message, nFeatures: number): PrivateQuestion {
  const terms = readTerms(request);
  const shares = floatsOf(request, "shares", [null]);
  checkRange(request, "shares", shares, Number.MIN_VALUE, 1, "parts above 0, of at most 1");
  const whole = shares.reduce((sum, share) => sum + share, 0);
  if (!(whole <= 1 + ROUNDING)) {
    throw malformed(request, 'array "shares"', "parts of the budget, 1 in all", String(whole));
  }
  if (shares.length === 0) throw malformed(request, 'array "shares"', "one for each question", "none");
  const question = countOf(request, "question", 0, shares.length - 1);
  const shareCount = numberOf(request, "share_count", 0, 1);
  const shareSpread = numberOf(request, "share_spread", 0, 1);
  if (!(shareCount > 0 && shareSpread > 0 && shareCount + shareSpread < 1)) {
    const expected = "two numbers above 0 that come to less than 1";
    throw malformed(
      request,
      'its "share_count" and "share_spread"',
      expected,
      `${shareCount}, ${shareSpread}`,
    );
  }
  const data = meansOf(request, "centres", nFeatures);
  checkRange(request, "centres", data, -1, 1, "numbers from -1 to 1");
  const centres: Matrix = { data, nRows: data.length / nFeatures, nColumns: nFeatures };
  const radii = floatsOf(request, "radii", [centres.nRows]);
  const diagonal = 2 * Math.sqrt(nFeatures);
  checkRange(request, "radii", radii, Number.MIN_VALUE, diagonal, `lengths above 0, of at most ${diagonal}`);
  return { terms, question, shares, shareCount, shareSpread, centres, radii };
}

/** How a client answers. */
export function answerPrivateSums(local: LocalData, request: Message): Message {
  if (!local.privately) {
    throw new RunError(`noisy sums are answered under ${theSetting("privacy")} dp only`);
  }
  return local.privately.answer(request, readPrivateQuestion(request, local.nFeatures), privateSumsReply);
}

export function privateSumsReply(found: PrivateSums): PrivateSumsReply {
  const { counts, sums, sumSigmas } = found;
  const k = counts.length;
  return {
    kind: "clustering/private_sums",
    arrays: {
      counts: floats(counts, k),
      sums: floats(sums, k, sums.length / k),
      sum_sigmas: floats(sumSigmas, k),
    },
    scalars: { spread: found.spread, count_sigma: found.countSigma, spread_sigma: found.spreadSigma },
  };
}

/** Above what any number of rows, their sums or their noise come to. */
const LARGEST_SUM = 1e30;
/** Below what any noise comes to: whoever states none has added none, or says so falsely. */
const LEAST_SIGMA = 1e-12;

/**
 * Reads a reply at the server.
 *
 * @param nColumns d
 * @param k number of centres that were sent
 * @throws RunError if it is malformed
 */
export function readPrivateSums(reply: Message, nColumns: number, k: number): PrivateSums {
  const counts = floatsOf(reply, "counts", [k], LARGEST_SUM);
  const sums = floatsOf(reply, "sums", [k, nColumns], LARGEST_SUM);
  const sumSigmas = floatsOf(reply, "sum_sigmas", [k], LARGEST_SUM);
  checkRange(
    reply,
    "sum_sigmas",
    sumSigmas,
    LEAST_SIGMA,
    Infinity,
    "noise, without which nothing is private",
  );
  return {
    counts,
    sums,
    spread: numberOf(reply, "spread", -LARGEST_SUM, LARGEST_SUM),
    countSigma: numberOf(reply, "count_sigma", LEAST_SIGMA, LARGEST_SUM),
    sumSigmas,
    spreadSigma: numberOf(reply, "spread_sigma", LEAST_SIGMA, LARGEST_SUM),
  };
}
