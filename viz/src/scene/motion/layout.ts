import { type Layout, panelGrid, type Rect } from "../stage/layout.js";

/** Where everything is in the scene of the whole run. */
export interface WholeLayout extends Layout {
  /** Clients are left of the server, and not above it. */
  readonly isWide: boolean;
  /** What happens, in words: the left end of its baseline, and how long it may be. */
  readonly caption: { readonly x: number; readonly y: number; readonly width: number };
  /** What the run is: likewise; it ends at the right where there is room beside the round. */
  readonly about: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly align: "left" | "right";
  };
  /** Where the scores end at the right: the baseline of their names. */
  readonly scores: { readonly x: number; readonly y: number };
  /** Rows by cluster. */
  readonly sizes: Rect;
  /** Two curves over rounds. */
  readonly charts: readonly [Rect, Rect];
  /** The left end of the baseline of what symbols mean. */
  readonly legend: { readonly x: number; readonly y: number; readonly width: number };
  /** How far the run has come, along the lower edge. */
  readonly bar: Rect;
}

/** Logical units of every picture, whatever its shape: those of 1280x720. */
const AREA = 1280 * 720;
const MARGIN = 18;
const GAP = 10;
const HEADER = 76;
/** With a line for what the run is. */
const HIGH_HEADER = 98;
const LEGEND = 24;
const BAR = 4;
/** Below panels, for the name of their axis. */
const AXIS = 15;
/** Between clients and server, where means travel. */
const CHANNEL = 46;
/** Panels here are small: an empty place matters less than their size. */
const EMPTY_COST = 0.5;
/** Narrower pictures say what the run is in a line of its own. */
const NARROW = 1000;
/** Still narrower ones have everything below each other. */
const SLIM = 860;
/** Width over height from which clients are beside the server. */
const WIDE = 1.25;

/**
 * Lays the scene of the whole run out: clients, the server, and what is known of clusters and rounds, all at once.
 *
 * @param width of the picture in pixels
 * @param height of the picture in pixels
 * @param nPanels of clients; 0: the server has their place
 * @param aspect width over height of what the panels show
 */
export function wholeLayoutOf(width: number, height: number, nPanels: number, aspect: number): WholeLayout {
  const scale = Math.sqrt((width * height) / AREA);
  const w = width / scale;
  const h = height / scale;
  const isWide = w / h >= WIDE;
  const isNarrow = w < NARROW;
  const inner = w - 2 * MARGIN;
  const header: Rect = { x: MARGIN, y: MARGIN, width: inner, height: isNarrow ? HIGH_HEADER : HEADER };
  const top = header.y + header.height;
  const main: Rect = { x: MARGIN, y: top, width: inner, height: h - top - LEGEND - BAR - 6 };
  const regions = isWide ? besides(main) : w < SLIM ? stacked(main) : above(main);
  const { clients, strip } = regions;
  const server = nPanels === 0 ? spanning(clients, regions.server) : regions.server;
  return {
    width: w,
    height: h,
    isWide,
    isUpright: !isWide,
    header,
    caption: { x: MARGIN, y: MARGIN + 58, width: inner },
    about: isNarrow
      ? { x: MARGIN, y: MARGIN + 82, width: inner, align: "left" }
      : { x: w - MARGIN, y: MARGIN + 16, width: inner * 0.36, align: "right" },
    scores: { x: w - MARGIN, y: MARGIN + (isNarrow ? 28 : 66) },
    panels: panelGrid(clients, Math.max(1, nPanels), aspect, EMPTY_COST),
    server,
    senders: strip,
    sidebar: strip,
    ...stripOf(strip),
    legend: { x: MARGIN, y: h - BAR - 11, width: inner },
    bar: { x: 0, y: h - BAR, width: w, height: BAR },
  };
}

interface Regions {
  readonly clients: Rect;
  readonly server: Rect;
  readonly strip: Rect;
}

function besides({ x, y, width, height }: Rect): Regions {
  const right = Math.round(Math.min(0.38 * width, 620));
  const left = width - right - CHANNEL;
  const low = Math.min(256, 0.42 * height);
  const column = { x: x + left + CHANNEL, width: right };
  return {
    clients: { x, y, width: left, height: height - AXIS },
    server: { ...column, y, height: height - low - GAP - AXIS },
    strip: { ...column, y: y + height - low, height: low },
  };
}

function above({ x, y, width, height }: Rect): Regions {
  const high = Math.round(0.48 * (height - CHANNEL));
  const below = { y: y + high + CHANNEL, height: height - high - CHANNEL };
  const left = Math.round(0.6 * width);
  return {
    clients: { x, y, width, height: high },
    server: { ...below, x, width: left, height: below.height - AXIS },
    strip: { ...below, x: x + left + GAP, width: width - left - GAP },
  };
}

function stacked({ x, y, width, height }: Rect): Regions {
  const low = 180;
  const rest = height - low - GAP - AXIS - CHANNEL;
  const high = Math.round(0.54 * rest);
  return {
    clients: { x, y, width, height: high },
    server: { x, y: y + high + CHANNEL, width, height: rest - high },
    strip: { x, y: y + height - low, width, height: low },
  };
}

function stripOf({ x, y, width, height }: Rect): Pick<WholeLayout, "sizes" | "charts"> {
  const pad = 10;
  const inner = { x: x + pad, width: width - 2 * pad };
  if (width > 2.6 * height) {
    const third = (inner.width - 2 * pad) / 3;
    const part = (i: number): Rect => ({ x: inner.x + i * (third + pad), y, width: third, height });
    return { sizes: part(0), charts: [part(1), part(2)] };
  }
  const high = Math.round(Math.max(96, 0.46 * height));
  const low = height - high;
  const sizes = { ...inner, y, height: high };
  if (low > 1.1 * inner.width) {
    const half = low / 2;
    const part = (i: number): Rect => ({ ...inner, y: y + high + i * half, height: half });
    return { sizes, charts: [part(0), part(1)] };
  }
  const half = (inner.width - pad) / 2;
  const part = (i: number): Rect => ({
    x: inner.x + i * (half + pad),
    y: y + high,
    width: half,
    height: low,
  });
  return { sizes, charts: [part(0), part(1)] };
}

/** From the corner of one to that of the other. */
function spanning(from: Rect, to: Rect): Rect {
  return { x: from.x, y: from.y, width: to.x + to.width - from.x, height: to.y + to.height - from.y };
}
