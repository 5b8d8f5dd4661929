/*
 * Where threads that help one another (crew.ts) find who is at what: a bell, and of each member, in a cache line of its
 * own, what it has to do and the job it shares, if it shares one.
 */

export const BELL = 0;
const STRIDE = 16;
/** Pieces of work it was given, and has done: it is at work where they differ. */
const N_GIVEN = 0;
const N_DONE = 1;
export const IS_OPEN = 2;
export const MEMORY = 3;
export const KERNEL = 4;
export const PROBLEMS = 5;
export const PROBLEM_STRIDE = 6;
export const N_ROWS = 7;
/** The next row that nobody has taken. */
export const NEXT = 8;
/** Members that may be at work on it, beside its own. */
export const N_INSIDE = 9;
export const HAS_FAILED = 10;

export type Desk = Int32Array<SharedArrayBuffer>;

/** A member has as many places below FIRST_ADDRESS in every memory: see bounded/pinned.as.ts. */
export const MOST_MEMBERS = 32;

/** @param size members, at most `MOST_MEMBERS` */
export function openDesk(size: number): Desk {
  return new Int32Array(new SharedArrayBuffer((1 + size) * STRIDE * Int32Array.BYTES_PER_ELEMENT));
}

/** Where a member's things begin. */
export function placeOf(member: number): number {
  return (1 + member) * STRIDE;
}

/** Wakes whoever waits for something to do. */
export function ring(desk: Desk): void {
  Atomics.add(desk, BELL, 1);
  Atomics.notify(desk, BELL);
}

/** Whether a member has work that it was given. */
export function isBusy(desk: Desk, member: number): boolean {
  const place = placeOf(member);
  return Atomics.load(desk, place + N_GIVEN) !== Atomics.load(desk, place + N_DONE);
}

/** A member is given a piece of work, which it goes to at once; others stay to help until it has done it. */
export function give(desk: Desk, member: number): void {
  Atomics.add(desk, placeOf(member) + N_GIVEN, 1);
  ring(desk);
}

/** A member has done a piece of work that it was given. */
export function finish(desk: Desk, member: number): void {
  Atomics.add(desk, placeOf(member) + N_DONE, 1);
  ring(desk);
}

/** A member is no more: nobody need wait for it. */
export function dismiss(desk: Desk, member: number): void {
  Atomics.store(desk, placeOf(member) + N_DONE, Atomics.load(desk, placeOf(member) + N_GIVEN));
  ring(desk);
}

/** How many members there are. */
export function sizeOf(desk: Desk): number {
  return desk.length / STRIDE - 1;
}
