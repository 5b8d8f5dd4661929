import { theSetting, UsageError } from "../errors.js";
import { expectedNames } from "./nearest.js";
import type { Setting, SettingTable, ValueOf, ValuesOf } from "./setting.js";

/**
 * Completes what is given of a table's settings with their defaults, and checks each.
 *
 * @param given undefined and null stand for the default
 * @param sourceOf what to call a setting in an error
 * @throws UsageError naming the setting, what was expected and what was found
 */
export function completeSettings<Table extends SettingTable>(
  table: Table,
  given: { readonly [Name in keyof Table]?: unknown },
  sourceOf: (name: keyof Table & string) => string = theSetting,
): ValuesOf<Table> {
  const names = Object.keys(table) as (keyof Table & string)[];
  return Object.fromEntries(
    names.map((name) => {
      const value = given[name];
      return [name, value == null ? table[name].default : checkSetting(table[name], value, sourceOf(name))];
    }),
  ) as ValuesOf<Table>;
}

/**
 * Refuses names that a table does not have.
 *
 * @param what says of a name that it is unknown, e.g. "unknown setting kglobal"
 * @throws UsageError naming the first, and the one that was probably meant, or those there are
 */
export function checkNames(table: object, given: object, what: (name: string) => string): void {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(table, name));
  if (unknown !== undefined) {
    throw new UsageError(`${what(unknown)}: ${expectedNames(unknown, Object.keys(table))}`);
  }
}

/**
 * Reads a setting's value from text, as a command line gives it.
 *
 * @param source what to call it in an error, e.g. "--k-global"
 * @throws UsageError if the text is not such a value
 */
export function parseSetting<S extends Setting>(setting: S, text: string, source: string): ValueOf<S> {
  const isNumeric = ["integer", "number", "fraction"].includes(setting.type);
  const value =
    setting.type === "integers"
      ? text.split(",").map(numberOf)
      : setting.type === "flag"
        ? (FLAGS.get(text) ?? text)
        : isNumeric
          ? numberOf(text)
          : text;
  return checkSetting(setting, value, source);
}

const FLAGS = new Map([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
]);

/** The number that a text is; the text where it is none. */
function numberOf(text: string): number | string {
  const number = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : text;
}

/**
 * Checks a value of a setting.
 *
 * @param source what to call it in an error, e.g. "k-global in config.toml"
 * @returns the value; of names in one text, the list of them
 * @throws UsageError naming the setting, what was expected and what was found
 */
export function checkSetting<S extends Setting>(setting: S, value: unknown, source: string): ValueOf<S> {
  const isText = setting.type === "names" && typeof value === "string";
  const taken = isText ? value.split(",").map((name) => name.trim()) : value;
  const expected = expectedOf(setting, taken);
  if (expected !== null) throw new UsageError(`${source} must be ${expected}, found ${show(value)}`);
  if (setting.type === "names") checkDifferent(taken as readonly string[], source);
  return taken as ValueOf<S>;
}

/** What a value that will not do was to be; null of one that will. */
function expectedOf(setting: Setting, value: unknown): string | null {
  switch (setting.type) {
    case "integer":
    case "number": {
      const isOne = setting.type === "integer" ? Number.isSafeInteger(value) : Number.isFinite(value);
      const noun = setting.type === "integer" ? "an integer" : "a number";
      const { above, min = -Infinity, max = Infinity } = setting;
      const isLess = above === undefined ? (value as number) < min : (value as number) <= above;
      if (!isOne || isLess)
        return above === undefined ? `${noun} of at least ${min}` : `${noun} above ${above}`;
      return (value as number) > max ? `${noun} of at most ${max}` : null;
    }
    case "fraction":
      return typeof value === "number" && value >= 0 && value <= 1 ? null : "between 0 and 1";
    case "integers": {
      const isOne = (one: unknown) => Number.isSafeInteger(one) && (one as number) >= setting.min;
      return Array.isArray(value) && value.every(isOne) ? null : `integers of at least ${setting.min}`;
    }
    case "flag":
      return typeof value === "boolean" ? null : "true or false";
    case "choice":
      return setting.choices.includes(value as string) ? null : setting.choices.join(" or ");
    case "names": {
      const isName = (name: unknown) => typeof name === "string" && name !== "";
      return Array.isArray(value) && value.every(isName) ? null : "a list of names";
    }
    case "text":
      return typeof value === "string" && value !== "" ? null : "a text that is not empty";
  }
}

function checkDifferent(names: readonly string[], source: string): void {
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice === undefined) return;
  throw new UsageError(`${source} must be different names, found ${show(twice)} twice`);
}

function show(value: unknown): string {
  const isNumber = typeof value === "bigint" || typeof value === "number";
  return isNumber ? String(value) : (JSON.stringify(value) ?? String(value));
}
