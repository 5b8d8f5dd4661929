import { tenth } from "./marker-path.js";

/** A hexagon of a plane's tiling, and the points in it. */
export interface Hexagon {
  /** Of its middle, in pixels. */
  readonly x: number;
  readonly y: number;
  readonly count: number;
  /** The category that most of its points are of, the first of equals; -1 where they have none. */
  readonly majority: number;
}

/**
 * Counts points in the hexagons of a tiling, as Carr et al., Scatterplot matrix techniques for large N (1987). Cost n.
 *
 * @param x (n,) in pixels; points whose x or y is not finite are in none
 * @param categories (n,) -1 is none; null: all are
 * @param radius of a hexagon, from its middle to a corner, of which one is above the middle
 * @returns those that hold points, from the top, each line from the left
 */
export function hexagonsOf(
  x: Float64Array,
  y: Float64Array,
  categories: Int32Array | null,
  radius: number,
): Hexagon[] {
  const dx = radius * Math.sqrt(3);
  const dy = radius * 1.5;
  const cells = new Map<
    number,
    { readonly row: number; readonly column: number; counts: Map<number, number> }
  >();
  for (let i = 0; i < x.length; i++) {
    if (!Number.isFinite(x[i]) || !Number.isFinite(y[i])) continue;
    const [row, column] = cellOf(x[i] / dx, y[i] / dy);
    const key = row * COLUMNS + column;
    let cell = cells.get(key);
    if (cell === undefined) {
      cell = { row, column, counts: new Map() };
      cells.set(key, cell);
    }
    const category = categories === null ? -1 : categories[i];
    cell.counts.set(category, (cell.counts.get(category) ?? 0) + 1);
  }
  return [...cells.values()]
    .sort((a, b) => a.row - b.row || a.column - b.column)
    .map(({ row, column, counts }) => {
      const [[majority]] = [...counts].sort(([a, m], [b, n]) => n - m || a - b);
      const count = [...counts.values()].reduce((sum, one) => sum + one, 0);
      return { x: (column + (row & 1) / 2) * dx, y: row * dy, count, majority };
    });
}

/** More than any picture has, so that a row and a column make one number. */
const COLUMNS = 2 ** 24;

/** The hexagon whose middle is nearest; every other row is moved by half a column. */
function cellOf(px: number, py: number): readonly [row: number, column: number] {
  const above = Math.floor(py);
  const [columnAbove, farAbove] = nearestInRow(above, px, py);
  const [columnBelow, farBelow] = nearestInRow(above + 1, px, py);
  return farAbove <= farBelow ? [above, columnAbove] : [above + 1, columnBelow];
}

/** The nearest of a row, and the square of how far it is, in columns. */
function nearestInRow(row: number, px: number, py: number): readonly [column: number, far: number] {
  const half = (row & 1) / 2;
  const column = Math.round(px - half);
  const ex = px - (column + half);
  // A row is sqrt(3) / 2 of a column.
  const ey = (py - row) * (Math.sqrt(3) / 2);
  return [column, ex * ex + ey * ey];
}

/** A hexagon, to go into a path's `d`. */
export function hexagonPath(x: number, y: number, radius: number): string {
  const half = (radius * Math.sqrt(3)) / 2;
  return (
    `M${tenth(x)} ${tenth(y - radius)}l${tenth(half)} ${tenth(radius / 2)}v${tenth(radius)}` +
    `l-${tenth(half)} ${tenth(radius / 2)}-${tenth(half)}-${tenth(radius / 2)}v-${tenth(radius)}z`
  );
}
