/**
 * Rows per partial sum. Sums run over blocks of this many rows, in index order, whoever computes them, so a
 * result does not depend on how rows are spread over threads.
 */
export const BLOCK_ROWS = 1024;
