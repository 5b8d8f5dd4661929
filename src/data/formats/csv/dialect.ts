/** How a text file writes a table. Characters as bytes. */
export interface Dialect {
  /** Between cells. */
  readonly delimiter: number;
  /** Whether any number of blanks and tabs is between two cells. */
  readonly isBlank: boolean;
  /** The decimal point, or comma. */
  readonly point: number;
}

/** What ends a cell, as the scanner looks for it. */
export interface Separators extends Dialect {
  /** Another byte between cells: the tab beside the blank; otherwise the delimiter again. */
  readonly alternative: number;
}
