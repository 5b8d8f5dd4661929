import { textLabel } from "../labels.js";

/** FNV-1a, to tell spellings apart quickly: a byte b makes Math.imul(hash ^ b, HASH_FACTOR) of a hash. */
export const HASH_START = 0x811c9dc5;
export const HASH_FACTOR = 0x01000193;
/** Spellings of texts that are known by their bytes: labels and names have few. A power of two. */
const SPELLINGS = 512;

/** The different texts of a file, by code. Most are known by their bytes, without being decoded. */
export class TextCodes {
  readonly texts: string[] = [];
  /** What was last found in place of a hash. */
  readonly #spellings = new Array<{ bytes: Uint8Array; code: number } | undefined>(SPELLINGS).fill(undefined);
  readonly #codeOf = new Map<string, number>();

  /** @returns the code of a text of these bytes, -1 for an empty one; null if it is not known by them */
  known(hash: number, bytes: Uint8Array, from: number, to: number): number | null {
    const known = this.#spellings[placeOf(hash)];
    return known !== undefined && isSame(known.bytes, bytes, from, to) ? known.code : null;
  }

  /** @returns the code of a text, new or not; -1 for an empty one */
  add(text: string, hash: number, bytes: Uint8Array): number {
    const code = this.#code(textLabel(text));
    this.#spellings[placeOf(hash)] = { bytes, code };
    return code;
  }

  #code(plain: string | null): number {
    if (plain === null) return -1;
    const known = this.#codeOf.get(plain);
    if (known !== undefined) return known;
    const code = this.texts.push(plain) - 1;
    this.#codeOf.set(plain, code);
    return code;
  }
}

function placeOf(hash: number): number {
  return (hash ^ (hash >>> 15)) & (SPELLINGS - 1);
}

function isSame(known: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  const { length } = known;
  if (length !== to - from || length === 0) return false;
  for (let i = 0; i < length; i++) if (known[i] !== bytes[from + i]) return false;
  return true;
}
