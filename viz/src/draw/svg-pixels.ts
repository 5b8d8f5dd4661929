import { createCanvas, loadImage } from "canvas";
import { messageOf, RunError } from "fedkmeans/directory";

/** Pixels of each side that canvas draws. */
const MOST = 32_767;

/**
 * Draws an SVG, e.g. a chart, in the typefaces that are installed.
 *
 * @param svg with a width and a height, in pixels
 * @param scale pixels for each of its own
 * @returns a PNG file's bytes
 * @throws RunError if it is no SVG, or too large
 */
export async function renderSvg(svg: string, scale = 2): Promise<Uint8Array> {
  let image: Awaited<ReturnType<typeof loadImage>>;
  try {
    image = await loadImage(Buffer.from(svg));
  } catch (error) {
    throw new RunError(`the picture cannot be drawn: ${messageOf(error)}`);
  }
  const [width, height] = [Math.round(image.width * scale), Math.round(image.height * scale)];
  if (width < 1 || height < 1 || width > MOST || height > MOST) {
    throw new RunError(
      `the picture cannot be drawn: 1 to ${MOST} pixels a side expected, found ${width} x ${height}`,
    );
  }
  // A vector image is drawn at the size it is given.
  image.width = width;
  image.height = height;
  const canvas = createCanvas(width, height);
  canvas.getContext("2d").drawImage(image, 0, 0, width, height);
  return canvas.toBuffer("image/png");
}
