import {
  type AreaMark,
  type ChipMark,
  type FlowMark,
  flowControl,
  type LineMark,
  type Mark,
  type RectMark,
  type SymbolMark,
} from "../scene/marks/marks.js";
import type { Context2D, Pen } from "./host.js";
import { drawPoints } from "./points.js";
import { addShape } from "./shapes.js";
import { drawText } from "./text.js";

/** Draws one mark. */
export function drawMark(pen: Pen, mark: Mark): void {
  const { context } = pen;
  if (mark.kind === "points") drawPoints(pen, mark);
  else if (mark.kind === "rect") drawRect(pen, mark);
  else if (mark.kind === "text") drawText(pen, mark);
  else if (mark.kind === "line") drawLine(pen, mark);
  else if (mark.kind === "area") drawArea(context, mark);
  else if (mark.kind === "flow") drawFlow(context, mark);
  else if (mark.kind === "symbol") drawSymbol(context, mark);
  else drawChip(pen, mark);
}

/** Lines up to this many logical units wide are hairlines: set on whole pixels, they are sharp. */
const HAIRLINE = 1.5;

/** Moves a coordinate so that a line of a width along it covers whole pixels. */
function sharp({ scale, isVector }: Pen, at: number, width: number): number {
  if (isVector || width > HAIRLINE) return at;
  const pixels = Math.max(1, Math.round(width * scale));
  const half = (pixels % 2) / 2;
  return (Math.round(at * scale - half) + half) / scale;
}

/** The width of a hairline, in whole pixels; of others as it is. */
function sharpWidth({ scale, isVector }: Pen, width: number): number {
  return isVector || width > HAIRLINE ? width : Math.max(1, Math.round(width * scale)) / scale;
}

function drawRect(pen: Pen, mark: RectMark): void {
  const { context } = pen;
  const { radius, fill, stroke, strokeWidth = 1, opacity } = mark;
  const snap = (at: number) => (stroke === undefined ? at : sharp(pen, at, strokeWidth));
  const [x, y] = [snap(mark.x), snap(mark.y)];
  const [width, height] = [snap(mark.x + mark.width) - x, snap(mark.y + mark.height) - y];
  const before = context.globalAlpha;
  context.globalAlpha = before * (opacity ?? 1);
  context.beginPath();
  if (radius === undefined) context.rect(x, y, width, height);
  else context.roundRect(x, y, width, height, Math.min(radius, width / 2, height / 2));
  if (fill !== undefined) {
    context.fillStyle = fill;
    context.fill();
  }
  if (stroke !== undefined) {
    context.strokeStyle = stroke;
    context.lineWidth = sharpWidth(pen, strokeWidth);
    context.stroke();
  }
  context.globalAlpha = before;
}

function drawLine(pen: Pen, mark: LineMark): void {
  if (mark.points.length < 4) return;
  const { context } = pen;
  const before = context.globalAlpha;
  context.globalAlpha = before * (mark.opacity ?? 1);
  const { casing } = mark;
  // Both halves of the casing go below the whole line: an arrow and its head are one.
  if (casing !== undefined) strokeLine(pen, mark, casing.color, mark.width + 2 * casing.width, casing.width);
  strokeLine(pen, mark, mark.stroke, mark.width, 0);
  context.globalAlpha = before;
}

/** @param wider by how much the head is larger on each side */
function strokeLine(pen: Pen, mark: LineMark, color: string, width: number, wider: number): void {
  const { context } = pen;
  const { dash, head } = mark;
  const points = sharpPoints(pen, mark);
  const n = points.length;
  const endX = points[n - 2];
  const endY = points[n - 1];
  const angle = Math.atan2(endY - points[n - 3], endX - points[n - 4]);
  context.strokeStyle = color;
  context.lineWidth = mark.casing === undefined ? sharpWidth(pen, width) : width;
  context.lineJoin = "round";
  context.lineCap = dash === undefined ? "round" : "butt";
  if (dash !== undefined) context.setLineDash([...dash]);
  context.beginPath();
  context.moveTo(points[0], points[1]);
  for (let i = 2; i < n - 2; i += 2) context.lineTo(points[i], points[i + 1]);
  // The line stops inside the arrow's head, whose point is the end.
  const short = (head ?? 0) * 0.6;
  context.lineTo(endX - short * Math.cos(angle), endY - short * Math.sin(angle));
  context.stroke();
  if (dash !== undefined) context.setLineDash([]);
  if (head === undefined) return;
  traceHead(context, endX, endY, angle, head);
  context.fillStyle = color;
  context.fill();
  if (wider === 0) return;
  context.lineWidth = 2 * wider;
  context.stroke();
}

/** Upright and level hairlines go on whole pixels. */
function sharpPoints(pen: Pen, { points, width, head }: LineMark): readonly number[] {
  if (points.length !== 4 || head !== undefined || width > HAIRLINE) return points;
  const [x1, y1, x2, y2] = points;
  if (x1 === x2) return [sharp(pen, x1, width), y1, sharp(pen, x2, width), y2];
  if (y1 === y2) return [x1, sharp(pen, y1, width), x2, sharp(pen, y2, width)];
  return points;
}

function traceHead(context: Context2D, x: number, y: number, angle: number, size: number): void {
  context.beginPath();
  context.moveTo(x, y);
  for (const side of [-1, 1]) {
    const turn = angle + Math.PI + side * 0.46;
    context.lineTo(x + size * Math.cos(turn), y + size * Math.sin(turn));
  }
  context.closePath();
}

function drawArea(context: Context2D, { points, fill, opacity, stroke, strokeWidth }: AreaMark): void {
  if (points.length < 6) return;
  const before = context.globalAlpha;
  context.beginPath();
  context.moveTo(points[0], points[1]);
  for (let i = 2; i < points.length; i += 2) context.lineTo(points[i], points[i + 1]);
  context.closePath();
  context.globalAlpha = before * opacity;
  context.fillStyle = fill;
  context.fill();
  context.globalAlpha = before;
  if (stroke === undefined) return;
  context.strokeStyle = stroke;
  context.lineWidth = strokeWidth ?? 1;
  context.lineJoin = "round";
  context.stroke();
}

function drawFlow(context: Context2D, mark: FlowMark): void {
  const { x1, y1, x2, y2, stroke, width, opacity } = mark;
  const control = flowControl(mark);
  const before = context.globalAlpha;
  context.globalAlpha = before * opacity;
  context.strokeStyle = stroke;
  context.lineWidth = width;
  context.lineCap = "round";
  context.beginPath();
  context.moveTo(x1, y1);
  context.quadraticCurveTo(control.x, control.y, x2, y2);
  context.stroke();
  context.globalAlpha = before;
}

function drawSymbol(context: Context2D, mark: SymbolMark): void {
  const { shape, x, y, radius, fill, stroke, strokeWidth = 1, opacity, casing, struck } = mark;
  if (radius <= 0) return;
  const before = context.globalAlpha;
  context.globalAlpha = before * (opacity ?? 1);
  context.beginPath();
  addShape(context, shape, x, y, radius);
  context.lineJoin = "round";
  if (casing !== undefined) {
    context.strokeStyle = casing.color;
    context.lineWidth = strokeWidth + 2 * casing.width;
    context.stroke();
  }
  if (fill !== undefined) {
    context.fillStyle = fill;
    context.fill();
  }
  if (stroke !== undefined) {
    context.strokeStyle = stroke;
    context.lineWidth = strokeWidth;
    context.stroke();
  }
  if (struck && stroke !== undefined) {
    const reach = radius * 1.5;
    context.lineCap = "round";
    context.beginPath();
    context.moveTo(x - reach, y + reach);
    context.lineTo(x + reach, y - reach);
    context.stroke();
  }
  context.globalAlpha = before;
}

function drawChip(pen: Pen, mark: ChipMark): void {
  const { context } = pen;
  const { x, y, text, size, fill, ring, color, opacity } = mark;
  const before = context.globalAlpha;
  context.globalAlpha = before * (opacity ?? 1);
  context.beginPath();
  context.arc(x, y, size * 0.78, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.fill();
  context.strokeStyle = ring;
  context.lineWidth = 1.4;
  context.stroke();
  // Two digits fit the disc; of more, letters are smaller.
  const textSize = text.length > 2 ? size * 0.78 : size;
  const label = { kind: "text", text, x, y: y + textSize * 0.36, size: textSize, fill: color } as const;
  drawText(pen, { ...label, weight: "semibold", align: "center" });
  context.globalAlpha = before;
}
