import { type Frame, STEPS, type Step } from "./frame.js";

/** How far each step of a round has come, 0 to 1, at an even pace. A step that does not happen has nothing to show. */
export type Phases = Readonly<Record<Step, number>>;

/** Where in a round a frame is: what came before its step is done. */
export function phasesOf(frame: Exclude<Frame, { kind: "still" }>): Phases {
  if (frame.kind === "card") return filled(frame.card === "title" ? 0 : 1);
  const now = STEPS.indexOf(frame.step);
  const at = (step: Step, i: number) => [step, i < now ? 1 : i === now ? frame.progress : 0];
  return Object.fromEntries(STEPS.map(at)) as Phases;
}

function filled(value: number): Phases {
  return Object.fromEntries(STEPS.map((step) => [step, value])) as Phases;
}

/** Slow at both ends (cubic). */
export function ease(share: number): number {
  return share < 0.5 ? 4 * share ** 3 : 1 - (2 - 2 * share) ** 3 / 2;
}

/** How far a part of something that begins and ends within it has come, 0 to 1. */
export function part(progress: number, begin: number, end: number): number {
  return Math.min(1, Math.max(0, (progress - begin) / (end - begin)));
}
