import { type Canvas, createCanvas } from "canvas";
import { fontOf } from "./fonts.js";
import type { Context2D, Host } from "./host.js";

/** Drawing with node-canvas. */
export const NODE_HOST: Host<Canvas> = {
  createCanvas: (width, height) => createCanvas(width, height),
  contextOf: (canvas) => canvas.getContext("2d") as unknown as Context2D,
  fontOf,
};
