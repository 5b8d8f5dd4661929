/*
 * Measure (c): whether an attacker's claims are better than what anybody knows who knows rows like these.
 */

/** A row as an attacker says it is in a client's data. */
export type Claim = readonly number[];

export interface Hits {
  readonly claims: number;
  /** Claims that are a row of the client's, and of nothing that was held out. */
  readonly inside: number;
  /** The reverse. */
  readonly outside: number;
  /** Claims that are rows of both. */
  readonly both: number;
  /**
   * One-sided: how likely as many hits inside, of those that are on one side, are if claims hit both sides alike.
   */
  readonly p: number;
}

/**
 * Compares an attacker's claims with the rows of a client and with as many rows of the same source that it has not.
 * Claims of rows that `common` or more of the client's rows are like are left out: of those a point tells.
 *
 * @param tolerance largest difference of two values that are taken for one, in units of `scale`
 * @param scale (d,)
 */
export function hitsOf(
  claims: readonly Claim[],
  inside: readonly Claim[],
  outside: readonly Claim[],
  { scale, tolerance, common }: { scale: readonly number[]; tolerance: number; common: number },
): Hits {
  const count = (claim: Claim, rows: readonly Claim[]) =>
    rows.filter((row) => row.every((x, j) => Math.abs(x - claim[j]) <= tolerance * scale[j])).length;
  const hits = { claims: 0, inside: 0, outside: 0, both: 0 };
  for (const claim of claims) {
    const here = count(claim, inside);
    if (here >= common) continue;
    const there = count(claim, outside);
    hits.claims += 1;
    if (here > 0 && there > 0) hits.both += 1;
    else if (here > 0) hits.inside += 1;
    else if (there > 0) hits.outside += 1;
  }
  return { ...hits, p: signTest(hits.inside, hits.outside) };
}

/**
 * @returns the probability of at least `more` heads in `more + less` throws of a fair coin
 * @see McNemar 1947, Psychometrika 12 (its exact form)
 */
export function signTest(more: number, less: number): number {
  const n = more + less;
  let term = 0.5 ** n;
  // Of more throws than a double can hold halves of, by the logarithms' sum.
  if (term === 0) return Math.exp(logTail(more, n));
  let sum = 0;
  for (let heads = n; heads >= more; heads--) {
    sum += term;
    term *= heads / (n - heads + 1);
  }
  return Math.min(1, sum);
}

function logTail(more: number, n: number): number {
  let term = n * Math.log(0.5);
  let most = -Infinity;
  const terms: number[] = [];
  for (let heads = n; heads >= more; heads--) {
    terms.push(term);
    most = Math.max(most, term);
    term += Math.log(heads / (n - heads + 1));
  }
  return Math.min(0, most + Math.log(terms.reduce((sum, x) => sum + Math.exp(x - most), 0)));
}
