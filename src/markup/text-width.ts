const NARROW = /[ .,:;!'|()[\]fijlrt]/;
const WIDE = /[mwMW@%]/;
/** From Hebrew on letters are about as wide as high, which is rather too much than too little. */
const FIRST_SQUARE = 0x0590;

/**
 * About how wide a text is in a typeface without serifs, whichever the reader has: rather too much than too little.
 *
 * @param size of the text, in pixels
 */
export function roughWidth(text: string, size: number): number {
  let sum = 0;
  for (const letter of text) {
    if (letter.codePointAt(0)! >= FIRST_SQUARE && letter !== "…") sum += 1;
    else sum += NARROW.test(letter) ? 0.34 : WIDE.test(letter) ? 0.9 : 0.61;
  }
  return sum * size;
}

/** A text that fits a width: the end of a path says more than its beginning. */
export function shortened(text: string, size: number, width: number): string {
  if (roughWidth(text, size) <= width) return text;
  const letters = [...text];
  while (letters.length > 1 && roughWidth(`…${letters.join("")}`, size) > width) letters.shift();
  return `…${letters.join("")}`;
}
