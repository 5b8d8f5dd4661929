/*
 * What a scene is made of: plain data, positions in logical units (the picture is 720 high or 1280 wide,
 * whichever is the tighter). A scene says everything about a picture but its pixels.
 */

export type Shape =
  | "circle"
  | "square"
  | "triangle"
  | "diamond"
  | "triangle-down"
  | "star"
  | "cross"
  | "hourglass"
  | "bowtie";

/** Whose a mark is, for who follows a client or a cluster through pictures; where it does not say, see follow.ts. */
export interface Owned {
  /** Index into `Experiment.clients`. */
  readonly client?: number;
  readonly cluster?: number;
}

export interface RectMark extends Owned {
  readonly kind: "rect";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly fill?: string;
  readonly stroke?: string;
  readonly strokeWidth?: number;
  readonly radius?: number;
  readonly opacity?: number;
}

export interface TextMark extends Owned {
  readonly kind: "text";
  readonly x: number;
  /** Of the baseline. */
  readonly y: number;
  readonly text: string;
  readonly size: number;
  readonly fill: string;
  readonly weight?: "regular" | "semibold";
  readonly align?: "left" | "center" | "right";
  /** Longer texts end in an ellipsis. */
  readonly maxWidth?: number;
  /** Read from below: turned a quarter counterclockwise about its point. */
  readonly rotated?: boolean;
  readonly opacity?: number;
}

export interface LineMark extends Owned {
  readonly kind: "line";
  /** x, y, x, y, ... */
  readonly points: readonly number[];
  readonly stroke: string;
  readonly width: number;
  readonly dash?: readonly number[];
  readonly opacity?: number;
  /** Length of an arrow's head at the end. */
  readonly head?: number;
  /** A border on each side, so that the line is seen on whatever is below it. */
  readonly casing?: { readonly color: string; readonly width: number };
}

/** A polygon. */
export interface AreaMark extends Owned {
  readonly kind: "area";
  /** x, y, x, y, ... */
  readonly points: readonly number[];
  readonly fill: string;
  /** Of the fill. */
  readonly opacity: number;
  readonly stroke?: string;
  readonly strokeWidth?: number;
  /** Whether it is how far noise may have moved a mean. */
  readonly isNoise?: boolean;
}

/** A line from one point to another that bends to its left, so that flows into one point stay apart. */
export interface FlowMark extends Owned {
  readonly kind: "flow";
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly stroke: string;
  readonly width: number;
  readonly opacity: number;
}

/** The control point of the quadratic curve that a flow is. */
export function flowControl({ x1, y1, x2, y2 }: Pick<FlowMark, "x1" | "y1" | "x2" | "y2">): {
  readonly x: number;
  readonly y: number;
} {
  const bend = 0.12;
  return { x: (x1 + x2) / 2 + bend * (y2 - y1), y: (y1 + y2) / 2 - bend * (x2 - x1) };
}

export interface SymbolMark extends Owned {
  readonly kind: "symbol";
  readonly shape: Shape;
  readonly x: number;
  readonly y: number;
  /** Radius of the circle of the same area. */
  readonly radius: number;
  readonly fill?: string;
  readonly stroke?: string;
  readonly strokeWidth?: number;
  readonly opacity?: number;
  /** A border around the stroke, so that the symbol is seen on whatever is below it. */
  readonly casing?: { readonly color: string; readonly width: number };
  /** Crossed out. */
  readonly struck?: boolean;
}

/** A cluster's number on a small disc. */
export interface ChipMark extends Owned {
  readonly kind: "chip";
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly size: number;
  readonly fill: string;
  readonly ring: string;
  readonly color: string;
  readonly opacity?: number;
}

/** Many rows, or groups of them, at once. */
export interface PointsMark extends Owned {
  readonly kind: "points";
  /** The rectangle they are clipped to. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** x, y, x, y, ... */
  readonly positions: Float32Array;
  /** Area of each, in that of `radius`; null: each has one. */
  readonly weights: Float32Array | null;
  /** Cluster of each, an index into `styles`; null: all have the first style. */
  readonly labels: Uint16Array | null;
  readonly styles: readonly { readonly color: string; readonly shape: Shape }[];
  /** A symbol a row, or, where symbols would smear, how many rows lie where. */
  readonly as: "symbols" | "density";
  readonly radius: number;
  readonly opacity: number;
  /** Rows in a square unit where a density is fullest, the same in all panels; null where it is none. */
  readonly fullest: number | null;
}

export type Mark = RectMark | TextMark | LineMark | AreaMark | FlowMark | SymbolMark | ChipMark | PointsMark;

export interface Layer {
  /** Says what the marks of the others mean, with marks as theirs. */
  readonly isLegend?: boolean;
  /** Layers of the same key are the same picture: a renderer draws them once. null: drawn each time. */
  readonly key: string | null;
  readonly marks: readonly Mark[];
  readonly opacity: number;
}

export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly background: string;
  readonly layers: readonly Layer[];
}
