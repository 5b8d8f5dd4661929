import { theSetting, UsageError } from "../../errors.js";

/** How many values a generated data set may have; it is built in memory. */
const MAX_VALUES = 2 ** 30;

/**
 * @param names of options whose product, times `each`, is a number of values
 * @throws UsageError if that many values cannot be held
 */
export function checkSize<Name extends string>(
  options: Readonly<Record<Name, number>>,
  names: readonly Name[],
  each = 1,
): void {
  const values = names.reduce((product, name) => product * options[name], each);
  if (values > MAX_VALUES) {
    throw new UsageError(
      `${names.map(theSetting).join(" x ")} must be at most ${MAX_VALUES} values in all, found ${values}`,
    );
  }
}
