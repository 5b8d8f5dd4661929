import type { PointsMark } from "../scene/marks/marks.js";
import { countRows } from "./density.js";
import type { Block, Context2D, Host, Pen, Surface } from "./host.js";
import { drawPixels } from "./pixels.js";
import { addShape } from "./shapes.js";
import { stampSymbols } from "./symbols.js";

/*
 * Rows. A canvas call a row is too slow for a hundred thousand of them, so rows are painted into a block of
 * pixels: stamped from one sprite a style, or counted by pixel where symbols would smear into each other. On paper
 * symbols stay shapes.
 */

/** Pixels per logical unit of a density on paper, and, at most, on a canvas: finer ones show no more and take longer. */
const DENSITY_SCALE = 2;
const FINEST_DENSITY = 2.25;

/** Paints rows over what is there. */
export function drawPoints(pen: Pen, mark: PointsMark): void {
  if (pen.isVector) drawOnPaper(pen, mark);
  else if (mark.as === "density" && pen.scale > FINEST_DENSITY) {
    drawImage(pen, mark, pen.scale / Math.ceil(pen.scale / FINEST_DENSITY));
  } else {
    const { surface, x, y } = paint(pen, mark);
    drawPixels(pen, surface, x, y);
  }
}

function drawOnPaper(pen: Pen, mark: PointsMark): void {
  const { context } = pen;
  context.save();
  context.beginPath();
  context.rect(mark.x, mark.y, mark.width, mark.height);
  context.clip();
  if (mark.as === "density") drawImage(pen, mark, DENSITY_SCALE);
  else {
    const { positions, labels, weights, styles, radius } = mark;
    context.globalAlpha *= mark.opacity;
    for (let i = 0; i < positions.length / 2; i++) {
      const { color, shape } = styles[labels === null ? 0 : labels[i]];
      context.fillStyle = color;
      context.beginPath();
      const size = weights === null ? radius : radius * Math.sqrt(weights[i]);
      addShape(context, shape, positions[2 * i], positions[2 * i + 1], size);
      context.fill();
    }
  }
  context.restore();
}

/** Draws rows as pixels of another size than the picture's. */
function drawImage(pen: Pen, mark: PointsMark, scale: number): void {
  const { surface, x, y } = paint({ ...pen, scale }, mark);
  const side = 1 / scale;
  pen.context.drawImage(surface, x * side, y * side, surface.width * side, surface.height * side);
}

/** The rows as pixels, on a canvas that changes with the next call, and where its corner is in pixels. */
function paint({ host, scale }: Pen, mark: PointsMark): { surface: Surface; x: number; y: number } {
  const x = Math.round(mark.x * scale);
  const y = Math.round(mark.y * scale);
  const width = Math.max(1, Math.round((mark.x + mark.width) * scale) - x);
  const height = Math.max(1, Math.round((mark.y + mark.height) * scale) - y);
  const { surface, context, image } = blockOf(host, width, height);
  const pixels = { width, height, bytes: image.data };
  pixels.bytes.fill(0);
  if (mark.as === "density") countRows(pixels, mark, scale, x, y);
  else stampSymbols(host, pixels, mark, scale, x, y);
  context.putImageData(image, 0, 0);
  return { surface, x, y };
}

interface KeptBlock {
  readonly surface: Surface;
  readonly context: Context2D;
  readonly image: Block;
}

/** Panels of one picture have few sizes, and memory that is new costs more than memory that is cleared. */
const KEPT_BLOCKS = 4;
const blocks = new Map<string, KeptBlock>();

function blockOf(host: Host, width: number, height: number): KeptBlock {
  const key = `${width}x${height}`;
  let block = blocks.get(key);
  if (block === undefined) {
    if (blocks.size === KEPT_BLOCKS) blocks.delete(blocks.keys().next().value!);
    const surface = host.createCanvas(width, height);
    const context = host.contextOf(surface);
    block = { surface, context, image: context.createImageData(width, height) };
    blocks.set(key, block);
  }
  return block;
}
