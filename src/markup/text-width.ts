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

/**
 * A text in lines that fit a width, broken between words, or where a word is wider within it. The last line of those
 * there is room for ends in "…" where more would follow.
 *
 * @param most lines
 */
export function wrapped(text: string, size: number, width: number, most: number): string[] {
  const lines: string[] = [];
  let left = text.trim();
  while (left !== "" && lines.length < most) {
    const fit = fitting(left, size, width);
    const isLast = lines.length === most - 1;
    if (fit === left.length || !isLast) {
      lines.push(left.slice(0, fit).trimEnd());
      left = left.slice(fit).trimStart();
    } else {
      const ended = fitting(left, size, width - roughWidth("…", size));
      lines.push(`${left.slice(0, ended).trimEnd()}…`);
      left = "";
    }
  }
  return lines.length === 0 ? [""] : lines;
}

/** How much of a text goes on a line: up to the last blank that does, or as many letters, one at least. */
function fitting(text: string, size: number, width: number): number {
  if (roughWidth(text, size) <= width) return text.length;
  let end = 0;
  let blank = 0;
  for (const letter of text) {
    if (end > 0 && roughWidth(text.slice(0, end + letter.length), size) > width) break;
    if (letter === " ") blank = end;
    end += letter.length;
  }
  return text[end] === " " ? end : blank > 0 ? blank : end;
}
