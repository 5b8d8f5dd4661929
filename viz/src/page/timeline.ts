import type { Experiment } from "../read/experiment.js";
import { type Frame, VIEWS, type View } from "../scene/frames/frame.js";
import { planFrames } from "../scene/frames/plan.js";
import type { RoundRange } from "../scene/frames/steps.js";

/** Frames a second of the motion at its own speed. */
export const MOTION_FPS = 60;

/** A stage of a round. */
export interface Stop {
  /** Index into `Experiment.rounds`. */
  readonly roundIndex: number;
  readonly view: View;
}

/** What is shown: the whole run in motion, or one still picture after the other. */
export type Mode = "whole" | "stills";

/** The frames of a run in both modes, and where its stages are in them. */
export interface Timeline {
  /** In order; three a round. */
  readonly stops: readonly Stop[];
  readonly frames: Readonly<Record<Mode, readonly Frame[]>>;
  /** Index of the last frame of each stop, ascending. */
  readonly ends: Readonly<Record<Mode, readonly number[]>>;
}

export function timelineOf(experiment: Experiment, rounds: RoundRange | null): Timeline {
  const stills = planFrames(experiment, { rounds, views: VIEWS, smooth: false, fps: 1 });
  const whole = planFrames(experiment, { rounds, views: VIEWS, smooth: true, fps: MOTION_FPS });
  const stops = stills.map(stopOf);
  return {
    stops,
    frames: { stills, whole },
    ends: { stills: [...stills.keys()], whole: endsOf(stops, whole) },
  };
}

/** The stage that a frame is of. */
function stopOf(frame: Frame): Stop {
  return { roundIndex: frame.roundIndex, view: viewOf(frame) };
}

function viewOf(frame: Frame): View {
  if (frame.kind === "still") return frame.view;
  if (frame.kind === "card") return frame.card === "title" ? "local" : "global";
  if (frame.step === "broadcast") return "global";
  return frame.step === "collect" || frame.step === "aggregate" ? "aggregation" : "local";
}

/** A stage in which nothing happens ends with the one before. */
function endsOf(stops: readonly Stop[], frames: readonly Frame[]): number[] {
  const last = new Map<string, number>();
  for (const [index, frame] of frames.entries()) last.set(nameOf(stopOf(frame)), index);
  let end = 0;
  return stops.map((stop) => (end = last.get(nameOf(stop)) ?? end));
}

function nameOf({ roundIndex, view }: Stop): string {
  return `${roundIndex}/${view}`;
}
