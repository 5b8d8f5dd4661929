import { type FlowMark, flowControl, type Mark, type SymbolMark, type TextMark } from "../marks/marks.js";
import type { Rect } from "../stage/layout.js";
import { between, type Point } from "../stage/places.js";
import { textWidth } from "../text/text-width.js";

/* Where there is room for a label: not over a symbol, an arrow or another label. */

/** Between a label and what it names. */
const GAP = 3;
/** Straight parts that stand for a flow's bend. */
const FLOW_PARTS = 8;
/** Lines of grids and axes may be written over. */
const HAIRLINE = 1;

/** The first of the candidates that is inside the area and over nothing that is there; null where none is. */
export function freePlace(candidates: readonly Rect[], taken: readonly Rect[], area: Rect): Rect | null {
  return (
    candidates.find((place) => isInside(place, area) && !taken.some((other) => overlaps(place, other))) ??
    null
  );
}

/** Places for a label of a size beside a rectangle: at its right and left, below and above, then at its corners. */
export function placesBeside(rect: Rect, width: number, height: number): Rect[] {
  const right = rect.x + rect.width + GAP;
  const left = rect.x - GAP - width;
  const below = rect.y + rect.height + GAP;
  const above = rect.y - GAP - height;
  const middleX = rect.x + (rect.width - width) / 2;
  const middleY = rect.y + (rect.height - height) / 2;
  const at = (x: number, y: number): Rect => ({ x, y, width, height });
  return [
    at(right, middleY),
    at(left, middleY),
    at(middleX, below),
    at(middleX, above),
    at(right, above + height / 2),
    at(right, below - height / 2),
    at(left, above + height / 2),
    at(left, below - height / 2),
  ];
}

/** The square that holds a symbol. */
export function squareAround({ x, y }: Point, half: number): Rect {
  return { x: x - half, y: y - half, width: 2 * half, height: 2 * half };
}

/** What symbols, chips, texts, flows and lines but hairlines cover: one or more rectangles each. */
export function coveredBy(marks: readonly Mark[]): Rect[] {
  return marks.flatMap((mark): Rect[] => {
    if (mark.kind === "symbol") return [squareAround(mark, symbolHalf(mark))];
    if (mark.kind === "chip") return [squareAround(mark, mark.size * 0.78 + 1)];
    if (mark.kind === "text") return [boxOf(mark)];
    if (mark.kind === "flow") return alongFlow(mark);
    return mark.kind === "line" && mark.width > HAIRLINE
      ? alongLine(mark.points, Math.max(mark.width, (mark.head ?? 0) * 0.6))
      : [];
  });
}

function boxOf({ x, y, text, size, weight, align = "left", maxWidth = Infinity }: TextMark): Rect {
  const width = Math.min(maxWidth, textWidth(text, size, weight));
  const left = align === "left" ? x : align === "right" ? x - width : x - width / 2;
  return { x: left, y: y - size * 0.85, width, height: size * 1.1 };
}

/** Half of the square that holds a symbol, whose radius is that of a circle of its area. */
export function symbolHalf({ radius, strokeWidth = 0 }: Pick<SymbolMark, "radius" | "strokeWidth">): number {
  return radius * 1.15 + strokeWidth / 2;
}

/** Squares as wide as a line, one beside the other. */
function alongLine(points: readonly number[], width: number): Rect[] {
  const half = Math.max(2, width / 2 + 1);
  const squares: Rect[] = [];
  for (let i = 0; i + 3 < points.length; i += 2) {
    const from = { x: points[i], y: points[i + 1] };
    const to = { x: points[i + 2], y: points[i + 3] };
    const steps = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / (2 * half)));
    for (let step = 0; step <= steps; step++)
      squares.push(squareAround(between(from, to, step / steps), half));
  }
  return squares;
}

function alongFlow(flow: FlowMark): Rect[] {
  const control = flowControl(flow);
  const points: number[] = [];
  for (let i = 0; i <= FLOW_PARTS; i++) {
    const t = i / FLOW_PARTS;
    const [a, b, c] = [(1 - t) ** 2, 2 * t * (1 - t), t ** 2];
    points.push(a * flow.x1 + b * control.x + c * flow.x2, a * flow.y1 + b * control.y + c * flow.y2);
  }
  return alongLine(points, flow.width);
}

function isInside(place: Rect, area: Rect): boolean {
  return (
    place.x >= area.x &&
    place.y >= area.y &&
    place.x + place.width <= area.x + area.width &&
    place.y + place.height <= area.y + area.height
  );
}

function overlaps(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
