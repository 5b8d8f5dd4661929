import type { CanvasRenderingContext2D } from "canvas";
import type { ChipMark, FlowMark, LineMark, Mark, RectMark, SymbolMark } from "../scene/marks.js";
import { drawPoints } from "./points.js";
import { tracePath } from "./shapes.js";
import { drawText } from "./text.js";

/**
 * Draws one mark.
 *
 * @param context scaled to logical units
 * @param scale pixels per logical unit
 */
export function drawMark(context: CanvasRenderingContext2D, mark: Mark, scale: number): void {
  if (mark.kind === "points") drawPoints(context, mark, scale);
  else if (mark.kind === "rect") drawRect(context, mark);
  else if (mark.kind === "text") drawText(context, mark, scale);
  else if (mark.kind === "line") drawLine(context, mark);
  else if (mark.kind === "flow") drawFlow(context, mark);
  else if (mark.kind === "symbol") drawSymbol(context, mark);
  else drawChip(context, mark, scale);
}

function drawRect(context: CanvasRenderingContext2D, mark: RectMark): void {
  const { x, y, width, height, radius, fill, stroke, strokeWidth } = mark;
  context.beginPath();
  if (radius === undefined) context.rect(x, y, width, height);
  else context.roundRect(x, y, width, height, Math.min(radius, width / 2, height / 2));
  if (fill !== undefined) {
    context.fillStyle = fill;
    context.fill();
  }
  if (stroke !== undefined) {
    context.strokeStyle = stroke;
    context.lineWidth = strokeWidth ?? 1;
    context.stroke();
  }
}

function drawLine(context: CanvasRenderingContext2D, mark: LineMark): void {
  const { points, stroke, width, dash, opacity, head } = mark;
  if (points.length < 4) return;
  const n = points.length;
  const [endX, endY] = points.slice(-2);
  const angle = Math.atan2(endY - points[n - 3], endX - points[n - 4]);
  const before = context.globalAlpha;
  context.globalAlpha = before * (opacity ?? 1);
  context.strokeStyle = stroke;
  context.lineWidth = width;
  context.lineJoin = "round";
  context.lineCap = "round";
  context.setLineDash([...(dash ?? [])]);
  context.beginPath();
  for (let i = 0; i < n - 2; i += 2) context.lineTo(points[i], points[i + 1]);
  // The line stops inside the arrow's head, whose point is the end.
  const short = (head ?? 0) * 0.6;
  context.lineTo(endX - short * Math.cos(angle), endY - short * Math.sin(angle));
  context.stroke();
  context.setLineDash([]);
  if (head !== undefined) drawHead(context, endX, endY, angle, head, stroke);
  context.globalAlpha = before;
}

function drawHead(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  angle: number,
  size: number,
  fill: string,
): void {
  context.beginPath();
  context.moveTo(x, y);
  for (const side of [-1, 1]) {
    const turn = angle + Math.PI + side * 0.46;
    context.lineTo(x + size * Math.cos(turn), y + size * Math.sin(turn));
  }
  context.closePath();
  context.fillStyle = fill;
  context.fill();
}

function drawFlow(
  context: CanvasRenderingContext2D,
  { x1, y1, x2, y2, stroke, width, opacity }: FlowMark,
): void {
  const bend = 0.12;
  const before = context.globalAlpha;
  context.globalAlpha = before * opacity;
  context.strokeStyle = stroke;
  context.lineWidth = width;
  context.lineCap = "round";
  context.beginPath();
  context.moveTo(x1, y1);
  context.quadraticCurveTo((x1 + x2) / 2 + bend * (y2 - y1), (y1 + y2) / 2 - bend * (x2 - x1), x2, y2);
  context.stroke();
  context.globalAlpha = before;
}

function drawSymbol(context: CanvasRenderingContext2D, mark: SymbolMark): void {
  const { shape, x, y, radius, fill, stroke, strokeWidth, opacity, struck } = mark;
  if (radius <= 0) return;
  const before = context.globalAlpha;
  context.globalAlpha = before * (opacity ?? 1);
  tracePath(context, shape, x, y, radius);
  if (fill !== undefined) {
    context.fillStyle = fill;
    context.fill();
  }
  if (stroke !== undefined) {
    context.strokeStyle = stroke;
    context.lineWidth = strokeWidth ?? 1;
    context.lineJoin = "round";
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

function drawChip(context: CanvasRenderingContext2D, mark: ChipMark, scale: number): void {
  const { x, y, text, size, fill, ring, color } = mark;
  context.beginPath();
  context.arc(x, y, size * 0.78, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.fill();
  context.strokeStyle = ring;
  context.lineWidth = 1.4;
  context.stroke();
  const textSize = text.length > 1 ? size * 0.88 : size;
  const label = { kind: "text", text, x, y: y + size * 0.36, size: textSize, fill: color } as const;
  drawText(context, { ...label, weight: "semibold", align: "center" }, scale);
}
