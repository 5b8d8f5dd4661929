/** A rectangle in logical units. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where everything is in a picture. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly header: Rect;
  readonly sidebar: Rect;
  /** One a client shown, equal in size, row by row. */
  readonly panels: readonly Rect[];
  /** The server's own panel, in the aggregation view. */
  readonly server: Rect;
  /** Who sent what, beside the server's panel. */
  readonly senders: Rect;
}

/** More clients than this are summarised in the last panel. */
export const MAX_PANELS = 12;
/** Height of a panel's title. */
export const PANEL_TITLE = 24;

/** Height of the bar of rows below a client's title, with what is free around it. */
export const COUNTS_STRIP = 19;

const MARGIN = 18;
const GAP = 12;
const HEADER = 64;
const SIDEBAR = 236;
const SENDERS = 252;
/** How much a grid with empty places is worth less. */
const EMPTY_COST = 0.9;

/**
 * Lays a picture out.
 *
 * @param width of the picture in pixels
 * @param height of the picture in pixels
 * @param nPanels how many panels of clients, 1 to MAX_PANELS
 * @param aspect width over height of what the panels show
 */
export function layoutOf(width: number, height: number, nPanels: number, aspect: number): Layout {
  const scale = Math.min(width / 1280, height / 720);
  const w = width / scale;
  const h = height / scale;
  const main: Rect = {
    x: MARGIN,
    y: MARGIN + HEADER,
    width: w - 2 * MARGIN - SIDEBAR - GAP,
    height: h - 2 * MARGIN - HEADER,
  };
  return {
    width: w,
    height: h,
    header: { x: MARGIN, y: MARGIN, width: w - 2 * MARGIN, height: HEADER },
    sidebar: { x: w - MARGIN - SIDEBAR, y: main.y, width: SIDEBAR, height: main.height },
    panels: gridOf(main, nPanels, aspect),
    server: { ...main, width: main.width - SENDERS - GAP },
    senders: { ...main, x: main.x + main.width - SENDERS, width: SENDERS },
  };
}

/**
 * Of all grids that hold the panels, the one that shows their contents largest and leaves few places empty.
 *
 * @param emptyCost how much a grid is worth less by the share of its places that are empty
 */
export function gridOf(area: Rect, count: number, aspect: number, emptyCost: number = EMPTY_COST): Rect[] {
  const sizeOf = (columns: number) => {
    const rows = Math.ceil(count / columns);
    const width = (area.width - (columns - 1) * GAP) / columns;
    const height = (area.height - (rows - 1) * GAP) / rows;
    const empty = (rows * columns - count) / (rows * columns);
    return {
      width,
      height,
      use: Math.min(width / aspect, height - PANEL_TITLE - COUNTS_STRIP) * (1 - emptyCost * empty),
    };
  };
  let columns = 1;
  for (let c = 2; c <= count; c++) if (sizeOf(c).use > sizeOf(columns).use) columns = c;
  const { width, height } = sizeOf(columns);
  return Array.from({ length: count }, (_, i) => ({
    x: area.x + (i % columns) * (width + GAP),
    y: area.y + Math.floor(i / columns) * (height + GAP),
    width,
    height,
  }));
}

/** The part of a client's panel that rows and means are drawn in, below its title and its bar of rows. */
export function clientPlot(panel: Rect): Rect {
  const { y, height, ...sides } = plotArea(panel);
  return { ...sides, y: y + COUNTS_STRIP, height: height - COUNTS_STRIP };
}

/** The bar of rows of a client's panel. */
export function countsArea({ x, y, width }: Rect): Rect {
  return { x: x + 9, y: y + PANEL_TITLE, width: width - 18, height: COUNTS_STRIP - 5 };
}

/** The part of a panel that rows and means are drawn in. */
export function plotArea(panel: Rect): Rect {
  return {
    x: panel.x + 1,
    y: panel.y + PANEL_TITLE,
    width: panel.width - 2,
    height: panel.height - PANEL_TITLE - 1,
  };
}
