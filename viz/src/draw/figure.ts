import { createCanvas } from "canvas";
import type { Scene } from "../scene/marks.js";
import type { Context2D } from "./host.js";
import { NODE_HOST } from "./node-host.js";
import { drawAll, sceneDrawer } from "./scene-drawer.js";

/** What a single picture is written as. */
export const FIGURE_FORMATS = ["png", "svg", "pdf"] as const;
export type FigureFormat = (typeof FIGURE_FORMATS)[number];

/** A figure's words for those who do not see it, and for catalogues. */
export interface FigureText {
  /** One line. */
  readonly title: string;
  /** What is to be seen. */
  readonly description: string;
}

/** A day that is always the same: the same figure has the same bytes. */
const NO_DATE = new Date(0);

/**
 * Draws a scene as a file of one picture. SVG and PDF are vectors: shapes and letters stay sharp at any size; a density
 * of rows is an image in them.
 *
 * @param width of the picture: pixels of a PNG, points (1/72 inch) of a PDF, user units of an SVG
 * @returns the file's bytes; the same scene gives the same
 */
export function drawFigure(
  scene: Scene,
  format: FigureFormat,
  { width, height }: { readonly width: number; readonly height: number },
  text: FigureText,
): Buffer {
  if (format === "png") return sceneDrawer(NODE_HOST, width, height)(scene).toBuffer("image/png");
  const canvas = createCanvas(width, height, format);
  const context = canvas.getContext("2d") as unknown as Context2D;
  const scale = Math.min(width / scene.width, height / scene.height);
  context.fillStyle = scene.background;
  context.fillRect(0, 0, width, height);
  context.scale(scale, scale);
  const pen = { context, scale, host: NODE_HOST, isVector: true };
  for (const { marks, opacity } of scene.layers) {
    if (opacity <= 0) continue;
    context.globalAlpha = opacity;
    drawAll(pen, marks);
  }
  if (format === "svg") return withText(canvas.toBuffer(), text);
  const { title, description } = text;
  const dates = { creationDate: NO_DATE, modDate: NO_DATE };
  return canvas.toBuffer("application/pdf", { title, subject: description, ...dates });
}

/** SVG with a title and a description, which readers of screens say. */
function withText(svg: Buffer, { title, description }: FigureText): Buffer {
  const words = `<title>${escaped(title)}</title>\n<desc>${escaped(description)}</desc>\n`;
  return Buffer.from(
    svg.toString().replace(/<svg ([^>]*)>\n/, (_, all) => `<svg role="img" ${all}>\n${words}`),
  );
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
