/** Digits that the largest number of a column has at least, and the smallest if it is not too small for it. */
const DIGITS = 5;
/** Decimals that small numbers of a column may add to those of the largest. */
const MORE_DECIMALS = 3;

/**
 * Numbers of one column, with as many decimals each, so that their points stand below one another. What would vanish,
 * or would be too long, is written with an exponent: below a thousandth, and from ten millions on.
 *
 * @param values null is unknown, "-"
 */
export function numberColumn(values: readonly (number | null | undefined)[]): string[] {
  const plain = values.filter((value): value is number => typeof value === "number" && isPlain(value));
  const decimals = decimalsOf(plain);
  return values.map((value) => {
    if (value === null || value === undefined) return "-";
    if (isPlain(value)) return value.toFixed(decimals);
    return Number.isFinite(value) ? value.toExponential(3) : String(value);
  });
}

function isPlain(value: number): boolean {
  if (!Number.isFinite(value)) return false;
  return value === 0 || Number.isInteger(value) || (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e7);
}

/** Without the zeros with which all of them would end. */
function decimalsOf(values: readonly number[]): number {
  const broken = values.filter((value) => !Number.isInteger(value));
  if (broken.length === 0) return 0;
  const after = (value: number, digits: number) => digits - 1 - Math.floor(Math.log10(Math.abs(value)));
  const least = values.reduce((most, value) => Math.min(most, value === 0 ? most : after(value, DIGITS)), 20);
  const most = broken.reduce((found, value) => Math.max(found, after(value, DIGITS - 1)), 0);
  const decimals = Math.max(0, Math.max(least, Math.min(most, Math.max(0, least) + MORE_DECIMALS)));
  const ends = broken.map(
    (value) =>
      value
        .toFixed(decimals)
        .replace(/\.?0+$/, "")
        .split(".")[1]?.length ?? 0,
  );
  return ends.reduce((longest, length) => Math.max(longest, length), 0);
}
