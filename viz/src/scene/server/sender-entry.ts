import type { RoundFacts } from "../../read/experiment.js";
import type { Mark, TextMark } from "../marks/marks.js";
import { SIZES } from "../marks/sizes.js";
import type { Theme } from "../marks/theme.js";
import { countBar } from "../panels/count-bar.js";
import { countsOfLocals, type RowCounts } from "../stage/counts.js";
import type { Rect } from "../stage/layout.js";
import { textWidth } from "../text/text-width.js";
import { countList, LIST_LINE } from "./count-list.js";
import { rowsTexts, type Sender, shortText } from "./sender.js";

/* An entry of the list of who sent what. */

/** Entries of this height have a bar below the name, of this one counts below the bar, too. */
export const TWO_LINES = 33;
const THREE_LINES = 46;
/** From the top of an entry to its bar, and from the bar to the baseline of the counts. */
const BAR = 21;
const COUNTS = 13;
const THIN = 9;
const THICK = 18;
/** The bar of an entry that has no room for counts but in it. */
const COUNTED = 15;

/** Rows by the clusters that their means went into. */
function countsSent({ locals }: Sender, k: number): RowCounts {
  return countsOfLocals(
    locals.map((local) => ({ ...local, origins: local.targets })),
    k,
  );
}

/** Name and rows above, the bar, and counts below it as far as there is room. */
export function entryMarks(sender: Sender, round: RoundFacts, place: Rect, theme: Theme): Mark[] {
  const { x: left, width } = place;
  const { missing } = sender;
  const y = place.y + BAR;
  const title = titleMarks(sender, round, { left, right: left + width, y: place.y + 14.5 }, theme);
  const note = (baseline: number): Mark[] =>
    missing === null ? [] : [textMark(missing, left, baseline, theme.muted, { maxWidth: width })];
  if (sender.locals.length === 0) return [...title, ...note(y + 11)];
  const rows = countsSent(sender, round.k);
  const withBar = (height: number, isCounted: boolean): Mark[] => [
    ...title,
    ...countBar(rows, null, { x: left, y, width, height }, theme, isCounted),
  ];
  if (place.height < THREE_LINES) return withBar(Math.min(COUNTED, place.height - BAR - 3), true);
  if (missing !== null) return [...withBar(THIN, false), ...note(y + THIN + COUNTS)];
  const thick = Math.min(THICK, Math.max(THIN, place.height - BAR - 2 * LIST_LINE));
  const lines = Math.floor((place.height - BAR - THIN) / LIST_LINE);
  for (const [height, most] of [
    [thick, 1],
    [THIN, lines],
  ]) {
    const list = countList(rows, { left, baseline: y + height + COUNTS, width, lines: most }, theme);
    if (list !== null) return [...withBar(height, false), ...list];
  }
  return withBar(COUNTED, true);
}

/**
 * Everything in one line: name, bar, and rows.
 *
 * @param widths of names and rows, the same in all lines
 */
export function lineMarks(
  sender: Sender,
  round: RoundFacts,
  place: Rect,
  widths: { readonly name: number; readonly rows: number },
  theme: Theme,
): Mark[] {
  const { x: left, width } = place;
  const right = left + width;
  const middle = place.y + place.height / 2;
  const base = middle + SIZES.tick * 0.36;
  const height = Math.min(12, place.height - 2);
  const x = left + widths.name + 8;
  const bar = { x, y: middle - height / 2, width: right - widths.rows - 8 - x, height };
  const hasSent = sender.locals.length > 0;
  const short = shortText(sender, round);
  return [
    textMark(sender.name, left, base, theme.text, { maxWidth: widths.name }),
    ...(hasSent ? countBar(countsSent(sender, round.k), null, bar, theme) : []),
    textMark(hasSent ? short : (sender.missing ?? short), right, base, theme.muted, {
      align: "right",
      maxWidth: right - x,
    }),
  ];
}

/** The name, which is cut last, and beside it as much as there is room for. */
function titleMarks(
  sender: Sender,
  round: RoundFacts,
  { left, right, y }: { readonly left: number; readonly right: number; readonly y: number },
  theme: Theme,
): Mark[] {
  const { name } = sender;
  const size = SIZES.note;
  const free = right - left - textWidth(name, size, "semibold") - 8;
  const texts = rowsTexts(sender, round);
  // A name that is cut whatever stands beside it has the rows there, in words.
  const text = texts.find((candidate) => textWidth(candidate, size) <= free) ?? texts.at(-2) ?? texts[0];
  const maxWidth = right - left - textWidth(text, size) - 8;
  return [
    textMark(name, left, y, theme.text, { size, weight: "semibold", maxWidth }),
    textMark(text, right, y, theme.muted, { size, align: "right" }),
  ];
}

function textMark(text: string, x: number, y: number, fill: string, look: Partial<TextMark>): TextMark {
  return { kind: "text", x, y, text, size: SIZES.tick, fill, ...look };
}
