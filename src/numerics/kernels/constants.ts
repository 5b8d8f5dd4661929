/* Numbers that both AssemblyScript and TypeScript compile. */

/** Of a float32 against its float64, and what stands in for it near 0. */
export const FLOAT32_ERROR = 1e-6;
export const FLOAT32_TINY = 1e-30;
/** What underflow can do to a distance. */
export const DISTANCE_TINY = 1e-150;
/** Lengths from which on float32 products might overflow. */
export const LONGEST = 1e18;

/** Kernels that take four rows at a time look past the last. */
export const SPARE_ROWS = 3;
/** Directions that a kernel multiplies rows with side by side. */
export const DIRECTION_LANES = 4;
/** Kernels that take eight rows of a list at a time look past its last. */
export const LIST_SPARE_ROWS = 7;

/** Bytes of scratch: of a group in `refine`, of rows and of a group in `screen`, of a row in `elkanScreen`. */
export const GROUP_STATE_BYTES = 96;
export const SCREEN_BYTES = 160;
export const SCREEN_GROUP_BYTES = 64;
export const ROW_STATE_BYTES = 80;

/**
 * Where regions begin in a memory. Below, each thread that works in it has sixteen bytes of its own, see hoisted.as.ts:
 * room for more than the MOST_THREADS of row-helpers.ts.
 */
export const FIRST_ADDRESS = 1024;
