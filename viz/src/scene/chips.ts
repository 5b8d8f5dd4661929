import type { Rect } from "./layout.js";
import type { Mark } from "./marks.js";
import type { Theme } from "./theme.js";

/** A mean that wants its cluster's number beside it. */
export interface Labelled {
  readonly x: number;
  readonly y: number;
  /** Radius of its symbol. */
  readonly radius: number;
  readonly cluster: number;
  readonly color: string;
}

const STEPS = 60;
/** Logical area a chip needs so that labels do not drown the rows. */
const AREA_PER_CHIP = 700;

/**
 * Numbers beside means. Chips push each other and the symbols away until none lies over another; as their
 * places change little when the means do, they move smoothly in a video.
 *
 * @param area what they stay inside
 * @param size of the text
 */
export function chipMarks(means: readonly Labelled[], area: Rect, size: number, theme: Theme): Mark[] {
  if (means.length * AREA_PER_CHIP > area.width * area.height) return [];
  const radius = size * 0.78;
  const gap = 1.5;
  const x = means.map((mean) => mean.x + (mean.radius + radius) * 0.78);
  const y = means.map((mean) => mean.y - (mean.radius + radius) * 0.78);
  for (let step = 0; step < STEPS; step++) {
    for (let i = 0; i < means.length; i++) {
      for (let j = 0; j < means.length; j++) {
        const other = means[j];
        // From every symbol, its own included; then from every other chip, which gives way as much.
        push(i, other.x, other.y, radius + other.radius + gap, 1, null);
        if (j > i) push(i, x[j], y[j], 2 * radius + gap, 0.5, j);
      }
      x[i] = Math.min(area.x + area.width - radius - 1, Math.max(area.x + radius + 1, x[i]));
      y[i] = Math.min(area.y + area.height - radius - 1, Math.max(area.y + radius + 1, y[i]));
    }
  }

  function push(
    i: number,
    fromX: number,
    fromY: number,
    apart: number,
    share: number,
    j: number | null,
  ): void {
    let dx = x[i] - fromX;
    let dy = y[i] - fromY;
    let distance = Math.sqrt(dx * dx + dy * dy);
    if (distance >= apart) return;
    if (distance < 1e-6) {
      // Exactly on top of each other: each leaves in a direction of its own.
      dx = Math.cos(2.4 * i);
      dy = Math.sin(2.4 * i);
      distance = 1;
    }
    const move = ((apart - Math.min(distance, apart)) * share) / distance;
    x[i] += dx * move;
    y[i] += dy * move;
    if (j !== null) {
      x[j] -= dx * move;
      y[j] -= dy * move;
    }
  }

  return means.flatMap((mean, i): Mark[] => {
    const far = Math.hypot(x[i] - mean.x, y[i] - mean.y) > mean.radius + radius + 6;
    return [
      ...(far
        ? [{ kind: "line", points: [mean.x, mean.y, x[i], y[i]], stroke: mean.color, width: 1 } as const]
        : []),
      {
        kind: "chip",
        x: x[i],
        y: y[i],
        text: String(mean.cluster),
        size,
        fill: theme.panel,
        ring: mean.color,
        color: theme.text,
      },
    ];
  });
}
