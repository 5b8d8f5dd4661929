import { gridOf } from "./grid.js";

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
  /** Square or upright: the sidebar is a band below the panels. */
  readonly isUpright: boolean;
  readonly header: Rect;
  readonly sidebar: Rect;
  /** One a client shown, equal in size, row by row. */
  readonly panels: readonly Rect[];
  /** The server's own panel, in the aggregation view. */
  readonly server: Rect;
  /** Who sent what: beside the server's panel, or below it. */
  readonly senders: Rect;
}

/** What a layout makes room for. */
export interface Contents {
  /** Most clusters of any round: many need a wider sidebar. Default: few. */
  readonly nClusters?: number;
  /** Clients that the server hears from. Default: as many as there are panels. */
  readonly nSenders?: number;
  /** Lines of text below the headline, at most. Default: one, in upright pictures two. */
  readonly headerLines?: number;
}

/** More clients than this are summarised in the last panel. */
export const MAX_PANELS = 12;
/** Height of a panel's title. */
export const PANEL_TITLE = 24;
/** Of a line of the header below the headline. */
export const HEADER_LINE = 20;

/** Height of the bar of rows below a client's title, with what is free around it. */
const COUNTS_STRIP = 19;

/** Around everything. */
export const MARGIN = 18;
const GAP = 12;
const HEADLINE = 40;
const SIDEBAR = 256;
const WIDE_SIDEBAR = 312;
const MANY_CLUSTERS = 36;
const SENDERS = 252;
/** Width over height up to which a picture is laid out from top to bottom. */
const UPRIGHT = 1.2;
/** Between panels and what is below them, with the name of an axis. */
const BAND_GAP = 23;
/** Height of the sidebar's band in an upright picture: the more clusters, the higher, up to twelve of them. */
const BAND = { least: 206, perCluster: 21, mostClusters: 12, around: 76, share: 0.34 } as const;
/** The same of the band of senders: by the lines of them, at least, and at most a share of what is left. */
const SENDERS_BAND = { least: 110, perLine: 68, around: 36, share: 0.27, column: 260 } as const;
/** How much a grid with empty places is worth less. */
const EMPTY_COST = 0.9;

/** The size of a picture in logical units, in which texts have the sizes they have. */
export interface Units {
  readonly width: number;
  readonly height: number;
  readonly isUpright: boolean;
}

/**
 * How many units a picture has: 1280x720 where it is wide, 900 on its short side where that gives larger text, and never
 * so many that the least text cannot be read.
 *
 * @param width of the picture in pixels
 * @param height of the picture in pixels
 */
export function unitsOf(width: number, height: number): Units {
  const scale = Math.max(Math.min(width / 1280, height / 720), Math.min(width, height) / 900, 2 / 3);
  return { width: width / scale, height: height / scale, isUpright: width <= UPRIGHT * height };
}

/**
 * Lays a picture out.
 *
 * @param width of the picture in pixels
 * @param height of the picture in pixels
 * @param nPanels how many panels of clients, 1 to MAX_PANELS
 * @param aspect width over height of what the panels show
 */
export function layoutOf(
  width: number,
  height: number,
  nPanels: number,
  aspect: number,
  { nClusters = 0, nSenders = nPanels, headerLines }: Contents = {},
): Layout {
  const units = unitsOf(width, height);
  const { isUpright } = units;
  const inner = units.width - 2 * MARGIN;
  const lines = headerLines ?? (isUpright ? 2 : 1);
  const header = { x: MARGIN, y: MARGIN - 4, width: inner, height: HEADLINE + lines * HEADER_LINE };
  const top = header.y + header.height + 6;
  const below = units.height - top - MARGIN;
  const common = { ...units, header };
  if (isUpright) {
    const wanted = Math.max(
      BAND.least,
      BAND.around + BAND.perCluster * Math.min(nClusters, BAND.mostClusters),
    );
    const band = Math.max(BAND.least, Math.min(wanted, BAND.share * below));
    const sidebar = { x: MARGIN, y: top + below - band, width: inner, height: band };
    const main = { x: MARGIN, y: top, width: inner, height: below - band - BAND_GAP };
    const lines = Math.ceil(nSenders / Math.max(1, Math.floor(inner / SENDERS_BAND.column)));
    const entries = SENDERS_BAND.around + SENDERS_BAND.perLine * lines;
    const senders = Math.max(SENDERS_BAND.least, Math.min(entries, SENDERS_BAND.share * main.height));
    return {
      ...common,
      sidebar,
      panels: panelGrid(main, nPanels, aspect),
      server: { ...main, height: main.height - senders - BAND_GAP },
      senders: { ...main, y: main.y + main.height - senders, height: senders },
    };
  }
  const side = nClusters > MANY_CLUSTERS ? WIDE_SIDEBAR : SIDEBAR;
  const main = { x: MARGIN, y: top, width: inner - side - GAP, height: below };
  return {
    ...common,
    sidebar: { x: MARGIN + inner - side, y: top, width: side, height: below },
    panels: panelGrid(main, nPanels, aspect),
    server: { ...main, width: main.width - SENDERS - GAP },
    senders: { ...main, x: main.x + main.width - SENDERS, width: SENDERS },
  };
}

/**
 * Of all grids that hold the panels, the one that shows their contents largest and leaves few places empty.
 *
 * @param emptyCost how much a grid is worth less by the share of its places that are empty
 */
export function panelGrid(area: Rect, count: number, aspect: number, emptyCost: number = EMPTY_COST): Rect[] {
  return gridOf(
    area,
    count,
    GAP,
    (width, height, empty) =>
      Math.min(width / aspect, height - PANEL_TITLE - COUNTS_STRIP) * (1 - emptyCost * empty),
  );
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
