/** Sizes of text, in logical units: a picture of 1920x1080 has 1.5 pixels to one, of 1280x720 one. */
export const SIZES = {
  /** Values at grids and axes. */
  tick: 11,
  /** What stands beside a title. */
  note: 12,
  /** The sidebar. */
  body: 12.5,
  /** A panel's title. */
  title: 14,
  /** The sentence below the headline. */
  sentence: 15,
  /** The round. */
  headline: 24,
} as const;
