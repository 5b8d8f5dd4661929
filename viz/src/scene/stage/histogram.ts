import type { ClientPoints } from "../../read/experiment.js";

/*
 * Where rows have one coordinate alone, the other shows how many there are: rows of a bin stand on one another, each as
 * high as the rows it stands for, so that a panel is a histogram of dots.
 */

/** Bins over the axis for as many rows: four times the cube root, as smooth as it can be read dot by dot. */
const PER_CUBE_ROOT = 4;
const LEAST_BINS = 16;
const MOST_BINS = 80;

/** Bins of one width, the same in all panels. */
export interface Bins {
  readonly low: number;
  readonly width: number;
}

/**
 * @param nRows of the largest client
 */
export function binsOf([low, high]: readonly [low: number, high: number], nRows: number): Bins {
  const count = Math.round(PER_CUBE_ROOT * Math.cbrt(nRows));
  return { low, width: (high - low) / Math.min(MOST_BINS, Math.max(LEAST_BINS, count)) };
}

/** How high each point of a panel stands, client by client, in rows; and the highest stack. */
export interface Stacks {
  readonly heights: Float64Array;
  readonly most: number;
}

/** Stacks the points of a panel's clients, in their order. */
export function stackUp(clients: readonly ClientPoints[], { low, width }: Bins): Stacks {
  const heights = new Float64Array(clients.reduce((sum, { nPoints }) => sum + nPoints, 0));
  const stacks = new Map<number, number>();
  let most = 0;
  let at = 0;
  for (const { positions, nPoints, weights } of clients) {
    for (let i = 0; i < nPoints; i++) {
      const bin = Math.floor((positions[2 * i] - low) / width);
      const below = stacks.get(bin) ?? 0;
      const rows = weights?.[i] ?? 1;
      heights[at++] = below + rows / 2;
      stacks.set(bin, below + rows);
      most = Math.max(most, below + rows);
    }
  }
  return { heights, most };
}
