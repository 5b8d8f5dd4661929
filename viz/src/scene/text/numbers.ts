import type { GroupFacts } from "../../read/groups.js";
import type { NoiseFacts } from "../../read/noise.js";

/** A count for a label: "167", "12,345", "1.2 M". */
export function countText(count: number): string {
  if (count >= 1e6) return `${Number((count / 1e6).toPrecision(3))} M`;
  return withSeparators(String(count));
}

/** Significant digits of measures, and the most that tell two of them apart. */
const DIGITS = 4;
const MOST_DIGITS = 6;
/** Relative to the values: what differs by less differs by rounding. */
const ROUNDING = 1e-12;

/** A measure for a label: "0.1234", "10,020", "1.0e-4"; a dash where it is unknown. */
export function measureText(value: number | null, digits: number = DIGITS): string {
  if (value === null) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e6) return value.toExponential(digits - 3).replace("e+", "e");
  return withSeparators(Number(value.toPrecision(digits)).toString());
}

/** How many digits a measure needs beside others: four, or as many as tell apart what is not the same. */
export function digitsAmong(values: readonly (number | null)[]): number {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  for (let digits = DIGITS; digits < MOST_DIGITS; digits++) {
    const areTold = sorted.every((value, i) => {
      const before = sorted[i - 1] ?? value;
      const isSame = value - before <= ROUNDING * Math.max(Math.abs(value), Math.abs(before));
      return isSame || measureText(value, digits) !== measureText(before, digits);
    });
    if (areTold) return digits;
  }
  return MOST_DIGITS;
}

/** Commas between the thousands of a number's whole part. */
export function withSeparators(number: string): string {
  return number.replaceAll(/(?<!\.\d*)\B(?=(\d{3})+(?!\d))/g, ",");
}

/** "54 groups of 5 to 9 rows". */
export function groupsText({ count, least, most }: GroupFacts): string {
  const groups = count === null ? "groups" : plural(count, "group");
  const sizes = most === null ? `at least ${countText(least)}` : rangeText(least, most);
  return `${groups} of ${sizes} rows`;
}

/** "differential privacy, epsilon 1, delta 1.0e-6"; without the name where there is no room for it. */
export function noiseText({ epsilon, delta }: NoiseFacts, isShort = false): string {
  const of = [
    ...(epsilon === null ? [] : [`epsilon ${measureText(epsilon)}`]),
    ...(delta === null ? [] : [`delta ${measureText(delta)}`]),
  ];
  return [...(isShort && of.length > 0 ? [] : ["differential privacy"]), ...of].join(", ");
}

function rangeText(least: number, most: number): string {
  return least === most ? countText(least) : `${countText(least)} to ${countText(most)}`;
}

/** "1 row", "167 rows". */
export function plural(count: number, noun: string): string {
  return `${countText(count)} ${noun}${count === 1 ? "" : "s"}`;
}
