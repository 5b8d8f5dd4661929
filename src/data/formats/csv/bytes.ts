/* The bytes that a delimited text is made of, and ways through them. */

// biome-ignore lint/suspicious/noConstEnum: its members are inlined; to load a module's property for each byte takes 5 % longer
export const enum Byte {
  TAB = 9,
  NEWLINE = 10,
  RETURN = 13,
  BLANK = 32,
  QUOTE = 34,
  HASH = 35,
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Text of bytes, strictly: two labels of another encoding would both become U+FFFD, and one class.
 *
 * @throws TypeError if they are not UTF-8
 */
export function decode(bytes: Uint8Array, from: number, to: number): string {
  return UTF8.decode(bytes.subarray(from, to));
}

/** @returns where a byte is next; `end` if it is not before that */
export function nextByte(byte: number, bytes: Uint8Array, from: number, end: number): number {
  const place = bytes.indexOf(byte, from);
  return place < 0 || place >= end ? end : place;
}

/** @returns where blanks and tabs end */
export function blanksEnd(bytes: Uint8Array, from: number): number {
  let p = from;
  while (bytes[p] === Byte.BLANK || bytes[p] === Byte.TAB) p++;
  return p;
}

/** @returns where, of the blanks and tabs after a cell, the last is; where the line ends if it does after them */
export function separatorAt(bytes: Uint8Array, cellEnd: number): number {
  const p = blanksEnd(bytes, cellEnd);
  const isLineEnd = bytes[p] === Byte.NEWLINE || bytes[p] === Byte.RETURN;
  return p === cellEnd || isLineEnd ? p : p - 1;
}

/** @returns where a line ends */
export function lineEnd(bytes: Uint8Array, from: number): number {
  let p = from;
  while (bytes[p] !== Byte.NEWLINE && bytes[p] !== Byte.RETURN) p++;
  return p;
}

/** @returns where the line after a line's end begins; -1 if that is not there yet */
export function nextLine(bytes: Uint8Array, lineEnd: number, end: number, isLast: boolean): number {
  if (bytes[lineEnd] === Byte.NEWLINE) return lineEnd < end || isLast ? lineEnd + 1 : -1;
  if (lineEnd + 1 < end) return bytes[lineEnd + 1] === Byte.NEWLINE ? lineEnd + 2 : lineEnd + 1;
  return isLast ? lineEnd + 1 : -1;
}

/** Text of bytes for an error, whatever their encoding. */
export function decodeLoosely(bytes: Uint8Array, from: number, to: number): string {
  return new TextDecoder().decode(bytes.subarray(from, to));
}
