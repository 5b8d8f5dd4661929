/**
 * How hard fuzz tests try. Among the tests they take seconds and try the same cases every time; under `npm run fuzz`
 * they try many times as many, other ones each time, from a seed that is printed and can be given as FUZZ_SEED.
 */

const factor = Number(process.env.FUZZ_FACTOR ?? 1);

/** Seed of every fuzz test's random draws. */
export const FUZZ_SEED: number = Number(process.env.FUZZ_SEED ?? 1);

/**
 * @param short number of cases that takes a few seconds at most
 * @returns how many to try in this run
 */
export function fuzzCases(short: number): number {
  return Math.ceil(short * factor);
}
