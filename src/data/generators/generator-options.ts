import { theSetting, UsageError } from "../../errors.js";

/** How many values a generated data set may have; it is built in memory. */
const MAX_VALUES = 2 ** 30;

/**
 * @param option its name, e.g. "numClients"
 * @throws UsageError unless `value` is an integer of at least `minimum`
 */
export function checkInteger(option: string, value: number, minimum: number): void {
  if (!Number.isSafeInteger(value) || value < minimum) {
    throw new UsageError(`${theSetting(option)} must be an integer of at least ${minimum}, found ${value}`);
  }
}

/** @throws UsageError unless `value` is between 0 and 1 */
export function checkFraction(option: string, value: number): void {
  if (!(value >= 0 && value <= 1))
    throw new UsageError(`${theSetting(option)} must be between 0 and 1, found ${value}`);
}

/** @throws UsageError unless `value` is finite and above 0 */
export function checkPositive(option: string, value: number): void {
  if (!(value > 0 && value < Infinity)) {
    throw new UsageError(`${theSetting(option)} must be a number above 0, found ${value}`);
  }
}

/**
 * @param options whose product `values` is
 * @throws UsageError if that many values cannot be held
 */
export function checkSize(options: readonly string[], values: number): void {
  if (values > MAX_VALUES) {
    throw new UsageError(
      `${options.map(theSetting).join(" x ")} must be at most ${MAX_VALUES} values in all, found ${values}`,
    );
  }
}
