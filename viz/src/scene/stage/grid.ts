import type { Rect } from "./layout.js";

/**
 * Of all grids that hold as many equal cells, the one of most use; of equals, that of fewest columns.
 *
 * @param area logical units
 * @param count of cells, at least 1
 * @param gap between cells, in logical units
 * @param useOf what a grid is worth, by the size of its cells and the share of them that are empty
 * @returns the cells, row by row
 */
export function gridOf(
  area: Rect,
  count: number,
  gap: number,
  useOf: (width: number, height: number, empty: number) => number,
): Rect[] {
  const sizeOf = (columns: number) => {
    const rows = Math.ceil(count / columns);
    const width = (area.width - (columns - 1) * gap) / columns;
    const height = (area.height - (rows - 1) * gap) / rows;
    return { width, height, use: useOf(width, height, (rows * columns - count) / (rows * columns)) };
  };
  let columns = 1;
  for (let c = 2; c <= count; c++) if (sizeOf(c).use > sizeOf(columns).use) columns = c;
  const { width, height } = sizeOf(columns);
  return Array.from({ length: count }, (_, i) => ({
    x: area.x + (i % columns) * (width + gap),
    y: area.y + Math.floor(i / columns) * (height + gap),
    width,
    height,
  }));
}
