import { compareNatural } from "../../files/natural-order.js";
import { isDecimal } from "../formats/decimal.js";

/** Compares two class names: decimal numbers by value and before any text, text as `compareNatural` does. */
export function compareClasses(a: string, b: string): number {
  const aIsNumber = isDecimal(a);
  const bIsNumber = isDecimal(b);
  if (aIsNumber !== bIsNumber) return aIsNumber ? -1 : 1;
  return (aIsNumber ? Number(a) - Number(b) : 0) || compareNatural(a, b);
}
