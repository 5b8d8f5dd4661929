/*
 * The discrete Gaussian, drawn exactly (Canonne, Kamath & Steinke, The discrete Gaussian for differential privacy,
 * NeurIPS 2020, Algorithms 1 to 3). Integers alone decide: noise from rounded floating-point numbers gives away what it
 * is added to (Mironov 2012). How long a draw takes depends on what is drawn, as with every sampler that rejects.
 *
 * No product of large integers is needed, as exp(-x - y) is a trial of exp(-x) and one of exp(-y): with the Laplace scale
 * t = sigma, in place of the paper's floor(sigma) + 1, a draw |y| = u + sigma v, 0 <= u < sigma, is accepted with
 * exp(-(|y| - sigma)^2 / (2 sigma^2)) = exp(-(v - 1 + u / sigma)^2 / 2), whose square is taken apart. (Any scale gives the
 * discrete Gaussian: exp(-|y| / sigma) times this is exp(-1/2) exp(-y^2 / (2 sigma^2)).)
 */

/** A source of independent uniform integers. */
export interface RandomWords {
  /** 0 to 2^32 - 1. */
  next(): number;
}

/** The largest sigma that is drawn: a result beyond 2^53 then has a chance below exp(-500000). */
export const LARGEST_SIGMA: number = 2 ** 43;

/**
 * Draws an integer z with a probability in proportion to exp(-z^2 / (2 sigma^2)).
 *
 * @param sigma integer from 1 to `LARGEST_SIGMA`
 * @param words what decides; the noise is no better than they are
 * @throws RangeError for another sigma
 * @see Canonne, Kamath & Steinke (2020), Algorithm 3
 */
export function discreteGaussian(sigma: number, words: RandomWords): number {
  if (!(Number.isInteger(sigma) && sigma >= 1 && sigma <= LARGEST_SIGMA)) {
    throw new RangeError(`sigma must be an integer from 1 to ${LARGEST_SIGMA}, found ${sigma}`);
  }
  for (;;) {
    // The discrete Laplace distribution of scale sigma (Algorithm 2).
    const u = uniformBelow(sigma, words);
    if (!happensExp(u, sigma, words)) continue;
    let v = 0;
    while (happensExp(1, 1, words)) v++;
    const isNegative = words.next() >= 2 ** 31;
    if (isNegative && u === 0 && v === 0) continue;
    if (isAccepted(u, sigma, v, words)) return isNegative ? -(u + sigma * v) : u + sigma * v;
  }
}

/** A trial of exp(-(v - 1 + u / sigma)^2 / 2). */
function isAccepted(u: number, sigma: number, v: number, words: RandomWords): boolean {
  if (v === 0) return happensExpHalfSquare(sigma - u, sigma, words);
  const w = v - 1;
  for (let i = 0; i < w * w; i++) if (!happensExp(1, 2, words)) return false;
  for (let i = 0; i < w; i++) if (!happensExp(u, sigma, words)) return false;
  return happensExpHalfSquare(u, sigma, words);
}

/** A trial of exp(-a / b), 0 <= a <= b (Algorithm 1): the first k at which a trial of a / (b k) fails is odd. */
function happensExp(a: number, b: number, words: RandomWords): boolean {
  for (let k = 1; ; k++) {
    if (!(happens(1, k, words) && happens(a, b, words))) return k % 2 === 1;
  }
}

/** A trial of exp(-(a / b)^2 / 2), 0 <= a <= b. */
function happensExpHalfSquare(a: number, b: number, words: RandomWords): boolean {
  for (let k = 1; ; k++) {
    if (!(happens(1, 2 * k, words) && happens(a, b, words) && happens(a, b, words))) return k % 2 === 1;
  }
}

/** A trial of a / b, 0 <= a <= b. */
function happens(a: number, b: number, words: RandomWords): boolean {
  return a === b || uniformBelow(b, words) < a;
}

/**
 * A uniform integer from 0 to n - 1: a remainder, of numbers that are as often any.
 *
 * @param n integer from 1 to 2^53
 */
export function uniformBelow(n: number, words: RandomWords): number {
  const range = n <= 2 ** 32 ? 2 ** 32 : 2 ** 53;
  const even = range - (range % n);
  for (;;) {
    const x = range === 2 ** 32 ? words.next() : (words.next() >>> 11) * 2 ** 32 + words.next();
    if (x < even) return x % n;
  }
}
