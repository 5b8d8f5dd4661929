import { epsilonOf, muOf } from "../../../privacy/gaussian-account.js";

/** Digits of an epsilon that is shown. */
const DIGITS = 4;
/** Relative excess that is no digit's worth: rounding up by it would tell of arithmetic alone. */
const NOTHING = 1e-9;
/** Less than this is shown as that. */
const LEAST = 1e-6;

/**
 * The epsilon that mu^2 is, rounded up.
 *
 * @param mu2 of one or several answers
 */
export function epsilonText(mu2: number, delta: number): string {
  return roundedUp(epsilonOf(Math.sqrt(mu2), delta));
}

/** An epsilon in few digits, from above. */
export function roundedUp(epsilon: number): string {
  if (epsilon > 0 && epsilon < LEAST) return "less than 0.000001";
  const near = Number(epsilon.toPrecision(DIGITS));
  return String(
    near >= epsilon * (1 - NOTHING) ? near : Number((epsilon + unitOf(epsilon)).toPrecision(DIGITS)),
  );
}

/**
 * The largest epsilon of a run that so much mu^2 covers, rounded down; 0 where none of a thousandth does.
 *
 * @param left mu^2 that may still be spent
 */
export function epsilonWithin(left: number, delta: number): number {
  if (!(left > 0)) return 0;
  const epsilon = epsilonOf(Math.sqrt(left), delta);
  // An upper bound of what spends so much: what spends no more is a little below.
  for (let down = 0; down < 10; down++) {
    const fits = Number((epsilon - down * unitOf(epsilon)).toPrecision(DIGITS));
    if (fits < 0.001) return 0;
    if (muOf(fits, delta) ** 2 <= left) return fits;
  }
  return 0;
}

function unitOf(epsilon: number): number {
  return epsilon === 0 ? 0 : 10 ** (Math.floor(Math.log10(epsilon)) - DIGITS + 1);
}
