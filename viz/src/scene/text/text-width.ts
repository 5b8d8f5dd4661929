/*
 * How wide a text is, without a canvas: scenes are laid out before anything is drawn, and the same wherever they are
 * drawn. Advance widths of the bundled typeface in hundredths of its size, for the characters 32 to 126.
 */

const REGULAR = widths(
  "28 29 47 63 64 98 64 30 36 36 50 66 29 46 29 36 63 41 61 62 65 59 62 57 62 62 29 30 66 66 66 51 97 69 65 73 72 60 59 75 74 27 57 67 57 90 75 76 64 76 64 64 65 74 69 99 68 68 63 36 36 36 47 46 32 56 61 57 61 58 37 61 59 24 24 55 24 88 59 60 61 61 38 53 33 59 56 82 55 56 55 43 33 43 66",
);
const SEMIBOLD = widths(
  "25 32 52 64 65 100 66 33 37 37 54 67 32 47 32 38 66 42 62 64 67 61 64 58 64 64 32 33 67 67 67 54 100 73 66 74 72 61 59 75 75 28 58 70 57 92 76 77 65 77 65 65 66 74 73 102 72 71 65 37 38 37 48 47 35 57 62 58 62 59 39 63 61 26 26 57 26 90 61 61 62 62 40 55 35 61 59 84 57 59 57 45 36 45 67",
);
/** Of letters beyond ASCII: those of Latin, Greek and Cyrillic are about this wide, of others as wide as high. */
const LETTER = 0.66;
const SQUARE = 1;
const FIRST_SQUARE = 0x0590;

/**
 * The width of a text, to a few per cent; of scripts that the typeface lacks, rather too much than too little.
 *
 * @param size of the text, in logical units
 * @returns logical units
 */
export function textWidth(text: string, size: number, weight: "regular" | "semibold" = "regular"): number {
  const table = weight === "semibold" ? SEMIBOLD : REGULAR;
  let sum = 0;
  for (const letter of text) {
    const code = letter.codePointAt(0)!;
    sum += table[code - 32] ?? (code < FIRST_SQUARE || (code >= 0x2000 && code < 0x2200) ? LETTER : SQUARE);
  }
  return sum * size;
}

function widths(table: string): readonly number[] {
  return table.split(" ").map((width) => Number(width) / 100);
}
