import { type ClusterColumns, clusterHeadings } from "../furniture/cluster-headings.js";
import { mixed, readable } from "../marks/colors.js";
import type { Mark } from "../marks/marks.js";
import { SIZES } from "../marks/sizes.js";
import { clusterStyle, type Theme } from "../marks/theme.js";
import type { Rect } from "../stage/layout.js";
import { countText } from "../text/numbers.js";
import { textWidth } from "../text/text-width.js";
import type { HeatRow, HeatTable } from "./heat-table.js";
import { HEAT_TOTALS } from "./page.js";

const HEADING = 24;
const LEGEND = 26;
/** Rows of few clients; in a column of the page, which they are to fill, of some more. */
const TALLEST = 34;
const TALLEST_IN_COLUMN = 50;
const COLUMN = 450;
/** Shade of a share of 0, of which there are some, and of 1. */
const FAINT = 0.05;
const FULL = 0.92;

/** Room for names and cells together: the fewer clusters, the longer names may be. */
const NAMES_AND_CELLS = 480;
const CELL_BESIDE_NAMES = 46;
const LEAST_NAME = 150;
const MOST_NAME = 260;
const AFTER_NAME = 10;
const OVERLAP = 0.35;

/** How wide the column of names is. */
export function namesWidth({ rows, totals, isDense }: HeatTable): number {
  const titles = isDense ? [ALL_CLIENTS] : [...rows.map(({ title }) => title), ALL];
  const widest = Math.max(...titles.map((title) => textWidth(title, SIZES.tick, "semibold")));
  const k = totals.length;
  const longest = Math.min(MOST_NAME, Math.max(LEAST_NAME, NAMES_AND_CELLS - k * CELL_BESIDE_NAMES));
  return Math.min(longest, widest) + AFTER_NAME;
}

const ALL = "All";
const ALL_CLIENTS = "All clients";

/**
 * Draws clients by clusters: numbers are a client's rows, shades their shares of all its rows, in the largest share that
 * there is.
 */
export function heatMarks(table: HeatTable, k: number, area: Rect, theme: Theme): Mark[] {
  const { rows, totals, isDense, basis } = table;
  const left = area.x + namesWidth(table);
  const right = area.x + area.width - HEAT_TOTALS;
  const cell = (right - left) / k;
  const top = area.y + HEADING;
  const room = area.height - HEADING - LEGEND;
  // One line more has the sums.
  const sumHeight = isDense
    ? 24
    : Math.min(area.height > COLUMN ? TALLEST_IN_COLUMN : TALLEST, room / (rows.length + 1));
  const height = isDense ? (room - sumHeight) / rows.length : sumHeight;
  const end = top + rows.length * height;
  const columns = { left, cell, k };
  const shares = rows.flatMap(({ counts, total }) =>
    counts === null || total === 0 ? [] : Math.max(...counts) / total,
  );
  const largest = Math.max(0, ...shares);
  const fits = (counts: readonly number[], weight: "regular" | "semibold") =>
    Math.max(...counts.map((count) => textWidth(countText(count), SIZES.tick, weight))) <= cell - 3;
  const isRead =
    !isDense &&
    height >= SIZES.tick + 2 &&
    rows.every(({ counts }) => counts === null || fits(counts, "regular"));
  const marks: Mark[] = [...clusterHeadings(columns, area.y, theme)];
  for (const [i, row] of rows.entries()) {
    marks.push(
      ...rowMarks(
        row,
        columns,
        { y: top + i * height, height, x: area.x, right, largest, isDense, isRead },
        theme,
      ),
    );
  }
  // The sum of what nobody knows is not 0.
  if (basis === null) return marks;
  const sum = totals.reduce((all, count) => all + count, 0);
  const middle = end + sumHeight / 2 + 4;
  const label = { kind: "text", y: middle, size: SIZES.tick, weight: "semibold", fill: theme.text } as const;
  marks.push(
    { kind: "line", points: [area.x, end + 2, right + HEAT_TOTALS, end + 2], stroke: theme.muted, width: 1 },
    { ...label, x: left - AFTER_NAME, text: isDense ? ALL_CLIENTS : ALL, align: "right" },
    { ...label, x: right + HEAT_TOTALS - 2, text: countText(sum), align: "right" },
    ...(fits(totals, "semibold") ? totals : []).map(
      (count, cluster): Mark => ({
        ...label,
        x: left + (cluster + 0.5) * cell,
        text: countText(count),
        align: "center",
      }),
    ),
  );
  if (isDense) {
    const text = `${countText(rows.length)} lines, a client each`;
    const look = { size: SIZES.tick, fill: theme.muted, align: "center", rotated: true } as const;
    marks.push({ kind: "text", x: left - AFTER_NAME, y: (top + end) / 2, text, ...look });
  }
  const isWithheld = rows.some(({ withheld }) => withheld.size > 0);
  marks.push(...legendMarks({ left, y: end + sumHeight + 10 }, largest, isWithheld, theme));
  return marks;
}

interface Line {
  readonly x: number;
  readonly y: number;
  readonly height: number;
  readonly right: number;
  /** Share of the fullest cell. */
  readonly largest: number;
  readonly isDense: boolean;
  /** Whether there is room for numbers. */
  readonly isRead: boolean;
}

function rowMarks(
  { title, counts, total, withheld }: HeatRow,
  { left, cell, k }: ClusterColumns,
  { x, y, height, right, largest, isDense, isRead }: Line,
  theme: Theme,
): Mark[] {
  const baseline = y + height / 2 + 4;
  const label = { kind: "text", y: baseline, size: SIZES.tick, fill: theme.text } as const;
  const gap = isDense ? 0 : Math.min(2, height * 0.1);
  const marks: Mark[] = isDense
    ? []
    : [{ ...label, x: left - AFTER_NAME, text: title, align: "right", maxWidth: left - AFTER_NAME - x }];
  if (counts === null) {
    if (isDense) return marks;
    return [...marks, { ...label, x: left + 4, text: "not recorded", fill: theme.faint }];
  }
  for (let cluster = 0; cluster < k; cluster++) {
    const count = counts[cluster];
    const box = {
      x: left + cluster * cell + gap / 2,
      y: y + gap / 2,
      width: cell - gap,
      // Lines reach a little below the next one, which covers that: no seam is between them.
      height: height - gap + (isDense ? OVERLAP : 0),
    };
    const share = total === 0 ? 0 : count / total / largest;
    const shade = count === 0 ? FAINT / 2 : FAINT + (FULL - FAINT) * share;
    const fill = mixed(theme.panel, clusterStyle(cluster).color, shade);
    if (count > 0 || !isDense)
      marks.push({ kind: "rect", ...box, fill, ...(isDense ? {} : { radius: 2.5 }) });
    if (isRead) {
      const ink = count === 0 ? theme.faint : readable([theme.text, theme.panel], fill);
      marks.push({ ...label, x: box.x + box.width / 2, text: countText(count), align: "center", fill: ink });
    }
    if (withheld.has(cluster)) marks.push(withheldMark(box, theme));
  }
  if (!isDense) {
    marks.push({
      ...label,
      x: right + HEAT_TOTALS - 2,
      text: countText(total),
      align: "right",
      fill: theme.muted,
    });
  }
  return marks;
}

/** A dashed border: what the server did not see. */
function withheldMark({ x, y, width, height }: Rect, theme: Theme): Mark {
  const [l, t, r, b] = [x + 1, y + 1, x + width - 1, y + height - 1];
  return {
    kind: "line",
    points: [l, t, r, t, r, b, l, b, l, t],
    stroke: theme.text,
    width: 1.1,
    dash: [3, 2],
  };
}

function legendMarks(
  { left, y }: { readonly left: number; readonly y: number },
  largest: number,
  isWithheld: boolean,
  theme: Theme,
): Mark[] {
  const label = { kind: "text", y: y + 10, size: SIZES.tick, fill: theme.muted } as const;
  const steps = [0, 0.25, 0.5, 0.75, 1];
  const swatch = 17;
  const start = left + textWidth("0 %", SIZES.tick) + 5;
  const end = start + steps.length * swatch;
  const text = `${Number((100 * largest).toPrecision(2))} % of its rows`;
  const marks: Mark[] = [
    { ...label, x: left, text: "0 %" },
    ...steps.map((share, i): Mark => {
      const fill = mixed(theme.panel, theme.rows, FAINT + (FULL - FAINT) * share);
      return { kind: "rect", x: start + i * swatch, y: y + 1, width: swatch - 1, height: 10, fill };
    }),
    { ...label, x: end + 5, text },
  ];
  if (!isWithheld) return marks;
  const next = end + 5 + textWidth(text, SIZES.tick) + 18;
  return [
    ...marks,
    withheldMark({ x: next, y, width: 22, height: 12 }, theme),
    { ...label, x: next + 27, text: "withheld" },
  ];
}
