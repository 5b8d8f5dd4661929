/** Exit code of a command that failed, or found what it looked for amiss, as `--help` states it. */
export const FAILED = 1;
/** Exit code of a command that was called wrongly. */
export const WRONG_USAGE = 2;
