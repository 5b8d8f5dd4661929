import { withSeparators } from "../text/numbers.js";

/**
 * Round numbers, about `count` of them, strictly between two values.
 *
 * @returns ascending; none between equal values
 */
export function linearTicks(low: number, high: number, count: number): number[] {
  if (!(high > low)) return [];
  const step = roundStep((high - low) / Math.max(1, count));
  const first = Math.floor(low / step) + 1;
  const values: number[] = [];
  for (let i = first; i * step < high; i++) values.push(i * step);
  return values;
}

/** The least of 1, 2 and 5 times a power of ten that is not below a positive value. */
export function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= least) ?? least;
}

/** Powers of ten between two positive values, both included, at most `count`, evenly. */
export function logTicks(low: number, high: number, count: number): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  const step = Math.max(1, Math.ceil((last - first + 1) / Math.max(1, count)));
  const values: number[] = [];
  for (let power = first; power <= last; power += step) values.push(10 ** power);
  return values;
}

/** Whole numbers from 0 to `last`, at most about `count` of them, evenly; 0 is one. */
export function countTicks(last: number, count: number): number[] {
  const rough = Math.max(1, last / Math.max(1, count));
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.ceil(
    [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough)!,
  );
  const values: number[] = [];
  for (let value = 0; value <= last; value += step) values.push(value);
  return values;
}

/** A tick's value: "0.5", "-2", "1,500", "1e-4". */
export function tickText(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential().replace("e+", "e");
  return withSeparators(String(Number(value.toPrecision(6))));
}
