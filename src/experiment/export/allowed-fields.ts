/**
 * Which fields of a JSON value may stay. `true`: a text, a number, true, false or null, or a list of such. A list of one
 * shape: a list of objects of it. An object: the fields that it names, `*` for those of any name.
 */
export type Allowed = true | readonly [Allowed] | { readonly [field: string]: Allowed };

/**
 * What of a JSON value may stay, in the order of the shape. Whatever the shape does not name, or says is of another kind,
 * is left out, so that a field that a later version adds stays only once somebody has decided that it may.
 *
 * @returns undefined where nothing may
 */
export function allowedOf(value: unknown, allowed: Allowed): unknown {
  if (allowed === true) return isPlain(value) ? value : undefined;
  if (value === null) return null;
  if (isListShape(allowed)) {
    if (!Array.isArray(value)) return undefined;
    return value.flatMap((entry) => allowedOf(entry, allowed[0]) ?? []);
  }
  if (typeof value !== "object" || Array.isArray(value)) return undefined;
  const fields = value as Readonly<Record<string, unknown>>;
  const named = Object.keys(allowed).flatMap((name) => (name === "*" ? Object.keys(fields) : [name]));
  return Object.fromEntries(
    named
      .filter((name) => Object.hasOwn(fields, name))
      .map((name) => [name, allowedOf(fields[name], allowed[name] ?? allowed["*"])]),
  );
}

function isListShape(allowed: Exclude<Allowed, true>): allowed is readonly [Allowed] {
  return Array.isArray(allowed);
}

function isPlain(value: unknown): boolean {
  return isScalar(value) || (Array.isArray(value) && value.every(isScalar));
}

function isScalar(value: unknown): boolean {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}
