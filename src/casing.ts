/* Code says `kGlobal`, an option `k-global`, a file `k_global`. */

/** A name as options and TOML files write it: `kGlobal` is `k-global`. */
export function kebabCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** A name as JSON and CSV files write it: `kGlobal` is `k_global`, `inertiaRound10` is `inertia_round_10`. */
export function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]|(?<=[a-z])\d+/g, (part) => `_${part.toLowerCase()}`);
}

/** A name as code writes it: `k_global` is `kGlobal`. */
export function camelCase(name: string): string {
  return name.replaceAll(/_(.)/g, (_, next: string) => next.toUpperCase());
}

/**
 * Plain data with the names of its fields in another case, at every depth.
 *
 * @param value texts, numbers and the like, and arrays and objects of such
 * @param nameOf a field's other name
 */
export function renameFields(value: unknown, nameOf: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((one) => renameFields(one, nameOf));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [nameOf(name), renameFields(one, nameOf)]),
  );
}
