import type { GroupFacts } from "../read/groups.js";

/** A count for a label: "167", "12,345", "1.2 M". */
export function countText(count: number): string {
  if (count >= 1e6) return `${Number((count / 1e6).toPrecision(3))} M`;
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

/** A measure for a label, in at most four significant digits; a dash where it is unknown. */
export function measureText(value: number | null): string {
  if (value === null) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e6) return value.toExponential(1);
  return Number(value.toPrecision(4)).toString();
}

/** "54 groups of 5 to 9 rows". */
export function groupsText({ count, least, most }: GroupFacts): string {
  const groups = count === null ? "groups" : plural(count, "group");
  const sizes = most === null ? `at least ${countText(least)}` : rangeText(least, most);
  return `${groups} of ${sizes} rows`;
}

function rangeText(least: number, most: number): string {
  return least === most ? countText(least) : `${countText(least)} to ${countText(most)}`;
}

/** "1 row", "167 rows". */
export function plural(count: number, noun: string): string {
  return `${countText(count)} ${noun}${count === 1 ? "" : "s"}`;
}
