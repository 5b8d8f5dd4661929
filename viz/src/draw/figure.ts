import { createCanvas } from "canvas";
import type { Scene } from "../scene/marks/marks.js";
import { embeddedFont } from "./embedded-font.js";
import { fontFile } from "./fonts.js";
import type { Context2D } from "./host.js";
import { NODE_HOST } from "./node-host.js";
import { drawAll, sceneDrawer } from "./scene-drawer.js";
import { SvgContext } from "./svg-context.js";
import { escaped, short } from "./svg-values.js";

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
/** The sides of a sheet of A4, in millimetres: what a vector is to fit on. */
const A4 = [297, 210] as const;
const POINTS_PER_MM = 72 / 25.4;
/** What is set where the embedded letters are not read, as by programs that edit a picture. */
const FONTS = "Inter, 'Helvetica Neue', Helvetica, Arial, 'DejaVu Sans', sans-serif";

/**
 * Draws a scene as a file of one picture. SVG and PDF are vectors as large as a sheet of A4 holds, upright or across:
 * shapes and letters stay sharp at any size; a density of rows is an image in them.
 *
 * @param width of a PNG, in pixels
 * @returns the file's bytes; the same scene gives the same
 */
export function drawFigure(
  scene: Scene,
  format: FigureFormat,
  { width, height }: { readonly width: number; readonly height: number },
  text: FigureText,
): Buffer {
  if (format === "png") return sceneDrawer(NODE_HOST, width, height)(scene).toBuffer("image/png");
  return format === "svg" ? svgOf(scene, text) : pdfOf(scene, text);
}

function pdfOf(scene: Scene, { title, description }: FigureText): Buffer {
  // A canvas has whole points.
  const [width, height] = sheetOf(scene).map((side) => Math.round(side * POINTS_PER_MM));
  const canvas = createCanvas(width, height, "pdf");
  const ofCanvas = canvas.getContext("2d");
  // Letters of an embedded typeface, which can be searched and copied; else they would be outlines.
  ofCanvas.textDrawingMode = "glyph";
  const context = ofCanvas as unknown as Context2D;
  const scale = Math.max(width / scene.width, height / scene.height);
  context.scale(scale, scale);
  drawOnPaper(scene, context, scale);
  const dates = { creationDate: NO_DATE, modDate: NO_DATE };
  return canvas.toBuffer("application/pdf", { title, subject: description, ...dates });
}

function svgOf(scene: Scene, { title, description }: FigureText): Buffer {
  const context = new SvgContext();
  drawOnPaper(scene, context, 1);
  const [width, height] = sheetOf(scene).map((side) => `${short(side)}mm`);
  const fonts = (["regular", "semibold"] as const)
    .filter((weight) => context.letters[weight].size > 0)
    .map((weight) => {
      const data = embeddedFont(fontFile(weight), context.letters[weight]).toString("base64");
      const value = weight === "semibold" ? 600 : 400;
      return `@font-face{font-family:Inter;font-weight:${value};src:url(data:font/woff;base64,${data}) format("woff")}`;
    });
  return Buffer.from(
    [
      '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" role="img" ' +
        `width="${width}" height="${height}" viewBox="0 0 ${short(scene.width)} ${short(scene.height)}" ` +
        `font-family="${FONTS}">`,
      `<title>${escaped(title)}</title>`,
      `<desc>${escaped(description)}</desc>`,
      `<style>${fonts.join("\n")}</style>`,
      context.elements.written(),
      "</svg>\n",
    ].join("\n"),
  );
}

/** Millimetres. */
function sheetOf({ width, height }: Scene): readonly [width: number, height: number] {
  const [long, short] = A4;
  const [mostWide, mostHigh] = width >= height ? [long, short] : [short, long];
  const scale = Math.min(mostWide / width, mostHigh / height);
  return [width * scale, height * scale];
}

function drawOnPaper(scene: Scene, context: Context2D, scale: number): void {
  context.fillStyle = scene.background;
  context.fillRect(0, 0, scene.width, scene.height);
  const pen = { context, scale, host: NODE_HOST, isVector: true };
  for (const { marks, opacity } of scene.layers) {
    if (opacity <= 0) continue;
    context.globalAlpha = opacity;
    drawAll(pen, marks);
  }
}
