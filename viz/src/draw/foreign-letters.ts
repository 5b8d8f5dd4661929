import { lettersOf } from "./embedded-font.js";
import { fontFile } from "./fonts.js";

/** ASCII and what is read without a look at the typeface. */
const PLAIN = /^[\x20-\x7e]*$/;
/** What has no shape of its own: spaces, and what joins or chooses shapes. */
const SHAPELESS = /[\s\p{Cc}\p{Cf}\p{Mn}]/u;

let known: ReadonlySet<number> | null = null;

/** Those of some texts that have letters which the bundled typeface lacks, each once. */
export function withForeignLetters(texts: readonly string[]): string[] {
  return [...new Set(texts)].filter((text) => !PLAIN.test(text) && [...text].some(isForeign));
}

function isForeign(letter: string): boolean {
  if (SHAPELESS.test(letter)) return false;
  known ??= lettersOf(fontFile("regular"));
  return !known.has(letter.codePointAt(0)!);
}
