import type { Message, NamedArray, Scalar } from "./message.js";

/**
 * The bytes of a message, the same for the same question however it travelled, and others for any other: its kind, its
 * scalars and its arrays' names, types and shapes as JSON in the order of names, then the arrays' elements in that
 * order, little-endian. The number of its exchange is left out, so that to ask again is to ask the same.
 *
 * @returns parts, one after the other; good as long as the message's arrays are as they are
 */
export function canonicalBytes({ kind, scalars, arrays }: Message): Uint8Array[] {
  const inOrder = sorted(arrays);
  const head = {
    kind,
    scalars: sorted(scalars).map(([name, scalar]) => [name, spelled(scalar)]),
    arrays: inOrder.map(([name, { dtype, shape }]) => [name, dtype, shape]),
  };
  return [new TextEncoder().encode(JSON.stringify(head)), ...inOrder.map(([, array]) => littleEndian(array))];
}

/** Bytes of what a message says: 8 a number, 4 an int32 of an array, 1 a truth value, and texts as UTF-8. */
export function payloadBytes({ scalars, arrays }: Message): number {
  let bytes = 0;
  for (const name in arrays) bytes += arrays[name].data.byteLength;
  for (const name in scalars) bytes += scalarBytes(scalars[name]);
  return bytes;
}

function scalarBytes(scalar: Scalar): number {
  if (typeof scalar === "number") return 8;
  if (typeof scalar === "boolean") return 1;
  if (typeof scalar === "string") return new TextEncoder().encode(scalar).length;
  return scalar.reduce((sum, text) => sum + scalarBytes(text), 0);
}

function sorted<T>(named: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(named).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** JSON has neither NaN nor infinities, and takes -0 for 0. */
function spelled(scalar: Scalar): Scalar | { number: string } {
  const isLost = typeof scalar === "number" && (!Number.isFinite(scalar) || Object.is(scalar, -0));
  return isLost ? { number: Object.is(scalar, -0) ? "-0" : String(scalar) } : scalar;
}

const HOST_IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function littleEndian({ data }: NamedArray): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (HOST_IS_LITTLE_ENDIAN) return bytes;
  const swapped = bytes.slice();
  const width = data.BYTES_PER_ELEMENT;
  for (let at = 0; at < swapped.length; at += width) swapped.subarray(at, at + width).reverse();
  return swapped;
}
