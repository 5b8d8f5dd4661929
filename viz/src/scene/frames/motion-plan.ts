import type { Experiment, RoundFacts } from "../../read/experiment.js";
import { measureText } from "../text/numbers.js";
import type { Frame, Step } from "./frame.js";
import { type RoundRange, roundsWithin, stepsOf } from "./steps.js";

/** When a video of motion shows what. */
export interface MotionOptions {
  readonly rounds: RoundRange | null;
  /** Frames a second. */
  readonly fps: number;
  /** How long the video is to be; null: as long as it takes to be read, but no longer than it can be watched. */
  readonly seconds?: number | null;
}

/** Part of a video: motion, and the rest after it. */
interface Stretch {
  /** The frame at a progress of 0 to 1. */
  readonly frameAt: (progress: number) => Frame;
  /** Seconds. */
  readonly move: number;
  readonly rest: number;
  /** Whether it is shorter where a run is long. */
  readonly isQuick: boolean;
}

/** Longer ones go faster. */
const MOST_SECONDS = 90;
const TITLE = { rest: 2.2, move: 1 };
const CLOSING = { move: 1, rest: 3.5 };
/** A caption that is new is to be read: seconds, and seconds a word. */
const READ = 1.6;
const READ_START = 0.4;
const READ_WORD = 0.22;
const LONGEST_MOVE = 1.4;
/** Seconds of a step that was told before, in a round with one that was not. */
const SEEN = 0.9;
/** Seconds of a round in which nothing new can be seen, and how much more where means move far. */
const QUIET = 0.5;
const LIVELY = 1;
/** A step of a mean that is far, as a share of the extent of all means. */
const FAR = 0.15;
/** How a quick round's time is shared. */
const SHARES: Readonly<Record<Step, number>> = {
  assign: 0.6,
  update: 1,
  withhold: 0.6,
  collect: 1.1,
  aggregate: 1,
  broadcast: 1.1,
};

/**
 * The frames of a video of the run in motion: a title, every step of every round, how it ended. What is shown for the
 * first time stays until it is read; later rounds last as long as their means have far to go.
 */
export function planMotion(experiment: Experiment, { rounds, fps, seconds = null }: MotionOptions): Frame[] {
  const indices = roundsWithin(experiment, rounds);
  if (indices.length === 0) return [];
  const card = (name: "title" | "closing", roundIndex: number) => (progress: number) =>
    ({ kind: "card", card: name, roundIndex, progress, name: "" }) as const;
  const title = card("title", indices[0]);
  const stretches: Stretch[] = [
    { frameAt: () => title(0), move: 0, rest: TITLE.rest, isQuick: false },
    { frameAt: title, move: TITLE.move, rest: 0, isQuick: false },
    ...roundStretches(experiment, indices),
    { frameAt: card("closing", indices.at(-1)!), ...CLOSING, isQuick: false },
  ];
  const paces = pacesOf(stretches, seconds);
  const frames: Frame[] = [];
  let end = 0;
  stretches.forEach(({ frameAt, move, rest }, i) => {
    const begin = frames.length;
    end += (move + rest) * paces[i];
    const count = Math.max(1, Math.round(end * fps) - begin);
    const moving = move === 0 ? 0 : Math.max(1, Math.round((count * move) / (move + rest)));
    for (let at = 1; at <= count; at++) frames.push(frameAt(moving === 0 ? 1 : Math.min(1, at / moving)));
  });
  return frames.map((frame, i) => ({ ...frame, name: `frame_${String(i).padStart(5, "0")}` }));
}

/** How many times as long each stretch is than it would be. */
function pacesOf(stretches: readonly Stretch[], seconds: number | null): number[] {
  const sum = (isQuick: boolean) =>
    stretches
      .filter((stretch) => stretch.isQuick === isQuick)
      .reduce((s, { move, rest }) => s + move + rest, 0);
  const [slow, quick] = [sum(false), sum(true)];
  if (seconds !== null) return stretches.map(() => seconds / (slow + quick));
  if (slow + quick <= MOST_SECONDS || slow >= MOST_SECONDS) return stretches.map(() => 1);
  const pace = (MOST_SECONDS - slow) / quick;
  return stretches.map(({ isQuick }) => (isQuick ? pace : 1));
}

function roundStretches(experiment: Experiment, indices: readonly number[]): Stretch[] {
  const told = new Set<string>();
  const extent = extentOf(experiment.rounds);
  return indices.flatMap((roundIndex) => {
    const steps = stepsOf(experiment, roundIndex);
    const far = Math.min(1, farthestStep(experiment.rounds, roundIndex) / (FAR * extent));
    const all = steps.reduce((total, { step }) => total + SHARES[step], 0);
    const isAgain = steps.every(({ caption }) => told.has(caption));
    return steps.map(({ step, caption }): Stretch => {
      const frameAt = (said: string) => (progress: number) =>
        ({ kind: "motion", roundIndex, step, progress, caption: said, name: "" }) as const;
      if (told.has(caption)) {
        const move = isAgain ? ((QUIET + LIVELY * far) * SHARES[step]) / all : SEEN * SHARES[step];
        const said = isAgain ? againText(experiment.rounds[roundIndex]) : caption;
        return { frameAt: frameAt(said), move, rest: 0, isQuick: true };
      }
      told.add(caption);
      const length = Math.max(READ, READ_START + READ_WORD * caption.split(" ").length);
      const move = Math.min(LONGEST_MOVE, 0.65 * length);
      return { frameAt: frameAt(caption), move, rest: length - move, isQuick: false };
    });
  });
}

/** What is said of a round whose steps have all been told. */
function againText({ change }: RoundFacts): string {
  if (change === null) return "The same again.";
  return `The same again: the global means move by ${measureText(change)}.`;
}

/** Of all global means, in the longer direction. */
function extentOf(rounds: readonly RoundFacts[]): number {
  const span = (axis: 0 | 1) => {
    let [low, high] = [Infinity, -Infinity];
    for (const { positions } of rounds) {
      for (let i = axis; i < positions.length; i += 2) {
        low = Math.min(low, positions[i]);
        high = Math.max(high, positions[i]);
      }
    }
    return high - low;
  };
  return Math.max(span(0), span(1)) || 1;
}

/** How far the global mean that moves the farthest does. */
function farthestStep(rounds: readonly RoundFacts[], roundIndex: number): number {
  const { positions } = rounds[roundIndex];
  const before = rounds[roundIndex - 1]?.positions ?? positions;
  let farthest = 0;
  for (let i = 0; i + 1 < Math.min(positions.length, before.length); i += 2) {
    farthest = Math.max(farthest, Math.hypot(positions[i] - before[i], positions[i + 1] - before[i + 1]));
  }
  return farthest;
}
