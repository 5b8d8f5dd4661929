import type { PointsMark } from "../scene/marks/marks.js";
import { type Pixels, rgb } from "./pixels.js";

/** Zeros after each line of pixels, so that blurring takes nothing from one line into the next. */
const PAD = 6;
/** Red, green and blue, each times rows, and rows. */
const CHANNELS = 4;
/** Darkness is by the rows in so many square units: the same in pictures of any size. */
const AREA = 4;
/** Alpha where rows lie closest, and where hardly any lie. */
const FULL = 0.92;
const FAINT = 0.1;
/** Rows in a pixel below which its paint fades: a row alone is a round dot. */
const FADING = 0.15;
/** Rows around a pixel from which, and up to which, the smooth picture takes the place of the sharp one. */
const SPARSE = 4;
const DENSE = 12;
/** Pixels that the smooth picture of one is spread over. */
const SPREAD = 16;

/**
 * Paints how many rows lie where: the colour of a pixel is the mean of its rows' colours. Where rows lie close, their number
 * is smoothed; where they lie apart, each is a dot.
 *
 * @param scale pixels per logical unit
 * @param x0 left edge of the block in the picture, in pixels
 * @param y0 its upper edge
 */
export function countRows(pixels: Pixels, mark: PointsMark, scale: number, x0: number, y0: number): void {
  const { bytes, width, height } = pixels;
  const stride = CHANNELS * (width + PAD);
  const sums = sumsOf(pixels, mark, scale, x0, y0);
  const sharp = blurred(blurred(sums, CHANNELS), stride);
  const smooth = blurred(blurred(sharp, 2 * CHANNELS), 2 * stride);
  const perArea = AREA * scale ** 2;
  let fullest = 1;
  if (mark.fullest !== null) fullest = Math.max(fullest, AREA * mark.fullest);
  else for (let at = 3; at < smooth.length; at += CHANNELS) fullest = Math.max(fullest, perArea * smooth[at]);
  const perLog = (FULL - FAINT) / Math.log1p(fullest);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * stride + x * CHANNELS;
      const around = smooth[at + 3] * SPREAD;
      const share = around <= SPARSE ? 0 : around >= DENSE ? 1 : (around - SPARSE) / (DENSE - SPARSE);
      const count = sharp[at + 3] + share * (smooth[at + 3] - sharp[at + 3]);
      if (count <= 0.01) continue;
      // Logarithmic, so that both a dense core and its sparse edge are seen.
      const alpha = Math.min(FULL, FAINT + perLog * Math.log1p(count * perArea));
      const pixel = 4 * (y * width + x);
      for (let channel = 0; channel < 3; channel++) {
        const own = sharp[at + channel];
        bytes[pixel + channel] = (own + share * (smooth[at + channel] - own)) / count;
      }
      bytes[pixel + 3] = 255 * alpha * Math.min(1, count / FADING);
    }
  }
}

/** For each pixel the number of its rows, and the sum of their colours. */
function sumsOf(
  { width, height }: Pixels,
  { positions, labels, weights, styles }: PointsMark,
  scale: number,
  x0: number,
  y0: number,
): Float32Array {
  const sums = new Float32Array(height * (width + PAD) * CHANNELS);
  const colors = styles.map(({ color }) => rgb(color));
  for (let i = 0; i < positions.length / 2; i++) {
    const x = Math.floor(positions[2 * i] * scale - x0);
    const y = Math.floor(positions[2 * i + 1] * scale - y0);
    if (x < 0 || y < 0 || x >= width || y >= height) continue;
    const at = CHANNELS * (y * (width + PAD) + x);
    const [r, g, b] = colors[labels === null ? 0 : labels[i]];
    const nRows = weights === null ? 1 : weights[i];
    sums[at] += nRows * r;
    sums[at + 1] += nRows * g;
    sums[at + 2] += nRows * b;
    sums[at + 3] += nRows;
  }
  return sums;
}

/** Each number becomes (1, 2, 1) / 4 of itself and those at a distance before and after it; beyond the ends are zeros. */
function blurred(values: Float32Array, distance: number): Float32Array {
  const n = values.length;
  const result = new Float32Array(n);
  const inner = Math.max(distance, n - distance);
  for (let i = 0; i < Math.min(distance, n); i++) {
    result[i] = 0.5 * values[i] + (i + distance < n ? 0.25 * values[i + distance] : 0);
  }
  for (let i = distance; i < inner; i++) {
    result[i] = 0.25 * (values[i - distance] + 2 * values[i] + values[i + distance]);
  }
  for (let i = inner; i < n; i++) result[i] = 0.5 * values[i] + 0.25 * values[i - distance];
  return result;
}
