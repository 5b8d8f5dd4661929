import type { PointsMark } from "../scene/marks.js";
import { type Pixels, rgb } from "./pixels.js";

/** Sides of the squares in which rows are counted, in pixels, and how many rows a square should hold. */
const MIN_CELL = 1;
const MAX_CELL = 2;
const ROWS_PER_CELL = 4;
/** Share of an area that rows usually cover. */
const COVERED = 0.35;
/** Rows are counted in squares of this side, in pixels, when it comes to darkness: that of cells may differ by panel. */
const REFERENCE = 2;
/** Alpha of the fullest cell, and of the emptiest. */
const FULL = 0.92;
const FAINT = 0.1;

/**
 * Paints how many rows lie where: the colour of a pixel is the mean of its rows' colours.
 *
 * @param scale pixels per logical unit
 * @param x0 left edge of the block in the picture, in pixels
 * @param y0 its upper edge
 */
export function countRows(pixels: Pixels, mark: PointsMark, scale: number, x0: number, y0: number): void {
  const { bytes, width, height } = pixels;
  const { positions, labels, weights, styles } = mark;
  const n = positions.length / 2;
  const wanted = Math.sqrt((ROWS_PER_CELL * COVERED * width * height) / n);
  const cell = Math.round(Math.min(MAX_CELL, Math.max(MIN_CELL, wanted)));
  const columns = Math.ceil(width / cell);
  const rows = Math.ceil(height / cell);
  // For each cell the number of its rows, and the sum of their colours.
  const sums = new Float32Array(columns * rows * 4);
  const colors = styles.map(({ color }) => rgb(color));
  for (let i = 0; i < n; i++) {
    const column = Math.floor((positions[2 * i] * scale - x0) / cell);
    const row = Math.floor((positions[2 * i + 1] * scale - y0) / cell);
    if (column < 0 || row < 0 || column >= columns || row >= rows) continue;
    const at = 4 * (row * columns + column);
    const [r, g, b] = colors[labels === null ? 0 : labels[i]];
    const nRows = weights === null ? 1 : weights[i];
    sums[at] += nRows * r;
    sums[at + 1] += nRows * g;
    sums[at + 2] += nRows * b;
    sums[at + 3] += nRows;
  }
  const smooth = blur(blur(sums, columns, rows, 4, 4 * columns), rows, columns, 4 * columns, 4);
  const perSquare = (REFERENCE / cell) ** 2;
  let fullest = 1;
  if (mark.fullest === null) {
    for (let at = 3; at < smooth.length; at += 4) fullest = Math.max(fullest, smooth[at] * perSquare);
  } else fullest = Math.max(fullest, mark.fullest * (REFERENCE / scale) ** 2);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 4 * (Math.floor(y / cell) * columns + Math.floor(x / cell));
      const count = smooth[at + 3];
      if (count < 0.06) continue;
      // Logarithmic, so that both a dense core and its sparse edge are seen.
      const share = Math.min(1, Math.log1p(count * perSquare) / Math.log1p(fullest));
      const alpha = FAINT + (FULL - FAINT) * share;
      const pixel = 4 * (y * width + x);
      for (let channel = 0; channel < 3; channel++) bytes[pixel + channel] = smooth[at + channel] / count;
      bytes[pixel + 3] = 255 * alpha;
    }
  }
}

/** Each cell becomes (1, 2, 1) / 4 of itself and its neighbours along one axis. */
function blur(
  cells: Float32Array,
  length: number,
  lines: number,
  step: number,
  stride: number,
): Float32Array {
  const blurred = new Float32Array(cells.length);
  for (let line = 0; line < lines; line++) {
    for (let i = 0; i < length; i++) {
      const at = line * stride + i * step;
      for (let channel = at; channel < at + 4; channel++) {
        const before = i > 0 ? cells[channel - step] : 0;
        const after = i < length - 1 ? cells[channel + step] : 0;
        blurred[channel] = (before + 2 * cells[channel] + after) / 4;
      }
    }
  }
  return blurred;
}
