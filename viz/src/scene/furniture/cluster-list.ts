import type { Experiment } from "../../read/experiment.js";
import type { Mark } from "../marks/marks.js";
import { SIZES } from "../marks/sizes.js";
import { clusterStyle, N_STYLES, type Theme } from "../marks/theme.js";
import type { Rect } from "../stage/layout.js";
import { keptText } from "../text/kept.js";
import { countText } from "../text/numbers.js";
import { textWidth } from "../text/text-width.js";

/* The clusters of a round with their sizes, in as many columns as they need. */

const MOST_LINE = 21;
const LEAST_LINE = 14.5;
const MOST_COLUMNS = 6;
const COLUMN_GAP = 12;
/** From the left of a column to the number, and what is at least between a number and a size. */
const NUMBER = 18;
const SPACE = 6;
const LEAST_BAR = 22;
const BAR_HEIGHT = 6;

/**
 * Height of the list where all clusters stand as close as they may.
 *
 * @param largest size of a cluster in any round
 */
export function leastListHeight(k: number, width: number, largest: number): number {
  const rows = Math.ceil(k / columnsWithin(k, width, largest));
  return Math.min(rows, 20) * LEAST_LINE + styleNote(k) * LEAST_LINE;
}

/** Height of the list in one column, or, of many clusters, in as many as need no more than twenty lines. */
export function wantedListHeight(k: number, width: number, largest: number): number {
  return Math.max(leastListHeight(k, width, largest), Math.min(k, 12) * MOST_LINE);
}

/**
 * A line a cluster: its symbol, number and, where it is known, its size with a bar.
 *
 * @param isSized whether the round's sizes are known yet
 */
export function clusterList(
  experiment: Experiment,
  roundIndex: number,
  isSized: boolean,
  area: Rect,
  theme: Theme,
): Mark[] {
  const round = experiment.rounds[roundIndex];
  const { k } = round;
  const noteLines = styleNote(k);
  const height = area.height - noteLines * LEAST_LINE;
  const sizes = Array.from({ length: k }, (_, cluster) =>
    isSized ? (round.sizes?.[cluster] ?? null) : null,
  );
  const most = Math.max(1, ...sizes.map((size) => size ?? 0));
  let columns = 1;
  const limit = columnsWithin(k, area.width, most);
  while (columns < limit && Math.ceil(k / columns) * LEAST_LINE > height) columns++;
  const perColumn = Math.min(Math.ceil(k / columns), Math.max(1, Math.floor(height / LEAST_LINE)));
  const line = Math.min(MOST_LINE, height / perColumn);
  const width = (area.width - (columns - 1) * COLUMN_GAP) / columns;
  const size = line < 16 ? SIZES.tick : SIZES.note;
  const places = columns * perColumn;
  const listed = k <= places ? k : places - 1;
  const textsOf = (cluster: number) => sizeTexts(experiment, roundIndex, cluster, sizes[cluster]);
  const numberWidth = textWidth(String(Math.max(0, k - 1)), size, "semibold");
  const sizesWidth = Math.max(
    0,
    ...sizes.map((_, cluster) => textWidth(textsOf(cluster).at(-1) ?? "", size)),
  );
  const bar = width - NUMBER - numberWidth - sizesWidth - 2 * SPACE;
  const marks: Mark[] = [];
  for (let cluster = 0; cluster < listed; cluster++) {
    const x = area.x + Math.floor(cluster / perColumn) * (width + COLUMN_GAP);
    const middle = area.y + (cluster % perColumn) * line + line / 2;
    const baseline = middle + 0.36 * size;
    const { color, shape } = clusterStyle(cluster);
    const radius = Math.min(5.5, 0.3 * line);
    const label = { kind: "text", y: baseline, size } as const;
    marks.push(
      { kind: "symbol", shape, x: x + 7, y: middle, radius, fill: color },
      { ...label, x: x + NUMBER, text: String(cluster), weight: "semibold", fill: theme.text },
    );
    const count = sizes[cluster];
    if (count === null) continue;
    const free = width - NUMBER - numberWidth - SPACE;
    const texts = textsOf(cluster);
    const text = texts.find((candidate) => textWidth(candidate, size) <= free) ?? texts.at(-1)!;
    marks.push({ ...label, x: x + width, text, fill: theme.muted, align: "right" });
    if (bar < LEAST_BAR || text !== texts.at(-1)) continue;
    const rect = { kind: "rect", x: x + NUMBER + numberWidth + SPACE, y: middle - BAR_HEIGHT / 2 } as const;
    marks.push({ ...rect, width: bar, height: BAR_HEIGHT, fill: theme.grid, radius: 3 });
    if (count > 0) {
      marks.push({
        ...rect,
        width: Math.max(3, (bar * count) / most),
        height: BAR_HEIGHT,
        fill: color,
        radius: 3,
      });
    }
  }
  const note = { kind: "text", size: SIZES.tick, fill: theme.muted } as const;
  if (listed < k) {
    const x = area.x + Math.floor(listed / perColumn) * (width + COLUMN_GAP);
    const y = area.y + (listed % perColumn) * line + line / 2 + 0.36 * size;
    marks.push({ ...note, x: x + 2, y, text: `+ ${countText(k - listed)} more`, maxWidth: width });
  }
  if (noteLines > 0) {
    const text = `from ${N_STYLES} on, looks repeat`;
    marks.push({ ...note, x: area.x + 2, y: area.y + area.height - 3, text, maxWidth: area.width });
  }
  return marks;
}

/** How many columns of clusters have room beside each other. */
function columnsWithin(k: number, width: number, largest: number): number {
  const number = textWidth(String(Math.max(0, k - 1)), SIZES.tick, "semibold");
  const own = NUMBER + number + SPACE + textWidth(countText(largest), SIZES.tick);
  return Math.max(1, Math.min(MOST_COLUMNS, k, Math.floor((width + COLUMN_GAP) / (own + COLUMN_GAP))));
}

/** Lines of the note that clusters look like others. */
function styleNote(k: number): number {
  return k > N_STYLES ? 1 : 0;
}

/** A size in words, where there is room for them, and last in figures. */
function sizeTexts(
  experiment: Experiment,
  roundIndex: number,
  cluster: number,
  size: number | null,
): string[] {
  if (size === null) return [];
  if (!experiment.rounds[roundIndex].carriedOver.includes(cluster)) return [countText(size)];
  return [keptText(experiment, roundIndex, cluster), countText(size)];
}
