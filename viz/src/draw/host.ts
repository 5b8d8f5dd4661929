/*
 * What drawing needs of where it runs: a canvas and a typeface. Node has them from node-canvas, a page from its
 * browser. Only what is used is named, so that both fit.
 */

/** A canvas's context, as far as marks use it. Colours and fonts are set, never read. */
export interface Context2D {
  globalAlpha: number;
  globalCompositeOperation: unknown;
  fillStyle: unknown;
  strokeStyle: unknown;
  lineWidth: number;
  lineJoin: unknown;
  lineCap: unknown;
  font: string;
  textBaseline: unknown;
  textAlign: unknown;
  setLineDash(segments: number[]): void;
  save(): void;
  restore(): void;
  scale(x: number, y: number): void;
  translate(x: number, y: number): void;
  rotate(angle: number): void;
  setTransform(a: number, b: number, c: number, d: number, e: number, f: number): void;
  beginPath(): void;
  closePath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  quadraticCurveTo(cpx: number, cpy: number, x: number, y: number): void;
  arc(x: number, y: number, radius: number, start: number, end: number): void;
  rect(x: number, y: number, width: number, height: number): void;
  roundRect(x: number, y: number, width: number, height: number, radius: number): void;
  clip(): void;
  fill(): void;
  stroke(): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  clearRect(x: number, y: number, width: number, height: number): void;
  fillText(text: string, x: number, y: number): void;
  measureText(text: string): { readonly width: number };
  drawImage(image: Surface, x: number, y: number): void;
  drawImage(image: Surface, x: number, y: number, width: number, height: number): void;
  getImageData(x: number, y: number, width: number, height: number): Block;
  createImageData(width: number, height: number): Block;
  putImageData(image: Block, x: number, y: number): void;
}

/** Pixels in memory: red, green, blue, alpha. */
export interface Block {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** A canvas. */
export interface Surface {
  width: number;
  height: number;
}

export interface Host<S extends Surface = Surface> {
  /** A new canvas, all of it transparent. */
  createCanvas(width: number, height: number): S;
  contextOf(canvas: S): Context2D;
  /** The typeface as a canvas names it. */
  fontOf(size: number, weight: "regular" | "semibold"): string;
}

/** What a mark is drawn with. */
export interface Pen {
  readonly context: Context2D;
  /** Pixels per logical unit; the context is scaled to logical units. */
  readonly scale: number;
  readonly host: Host;
  /** Whether shapes stay shapes and texts texts, on paper, or may become pixels, which is faster. */
  readonly isVector: boolean;
}
