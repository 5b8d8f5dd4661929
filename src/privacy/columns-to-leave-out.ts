import { type Matrix, selectColumns } from "../numerics/matrix.js";
import { type GroupScale, groupRows } from "./groups.js";
import { provenRows } from "./proven-rows.js";

/** Cells that are grouped anew, in all, before the search is given up: some seconds. */
const MOST_CELLS = 5e6;

/**
 * Columns without which none of a client's rare rows could be proven: one after the other the one without which the
 * fewest could be, as groups are made anew of the columns that stay. Not always the fewest columns.
 *
 * @param rows (n x d) of which some rare ones could be proven
 * @param size least number of rows of a group
 * @returns their numbers, rising; null where every choice that was tried has some proven
 */
export function columnsToLeaveOut(rows: Matrix, size: number, scale: GroupScale): number[] | null {
  let stay = Array.from({ length: rows.nColumns }, (_, j) => j);
  let cells = 0;
  while (stay.length > 1) {
    let best: { columns: number[]; rare: number } | null = null;
    for (const column of stay) {
      const columns = stay.filter((other) => other !== column);
      const part = selectColumns(rows, columns);
      cells += part.data.length;
      if (cells > MOST_CELLS) return null;
      const rare = provenRows(part, groupRows(part, null, size, scale), size).rare.length;
      if (best === null || rare < best.rare) best = { columns, rare };
    }
    stay = best!.columns;
    if (best!.rare === 0)
      return Array.from({ length: rows.nColumns }, (_, j) => j).filter((j) => !stay.includes(j));
  }
  return null;
}
