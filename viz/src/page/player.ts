import type { Frame } from "../scene/frames/frame.js";
import { MOTION_FPS, type Mode, type Stop, type Timeline } from "./timeline.js";

/** Milliseconds that a still picture stays. */
const STILL_MS = 1300;

/** Where in a run its page is, and how it goes on; knows neither a clock nor a screen. */
export class Player {
  /** Times as fast. */
  speed = 1;
  readonly #timeline: Timeline;
  #mode: Mode;
  /** Of the frame shown; its fraction is time on the way to the next. */
  #at = 0;
  /** The frame at which it stops; null while it does not play. */
  #until: number | null = null;

  constructor(timeline: Timeline, mode: Mode) {
    this.#timeline = timeline;
    this.#mode = mode;
  }

  get mode(): Mode {
    return this.#mode;
  }

  get frame(): Frame {
    return this.#frames[Math.floor(this.#at)];
  }

  get stop(): Stop {
    return this.#timeline.stops[this.#stopIndex];
  }

  get isPlaying(): boolean {
    return this.#until !== null;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#frames.length - 1;
  }

  /** To the end of the run; at its end, from its beginning. */
  play(): void {
    if (this.isAtEnd) this.#at = 0;
    this.#until = this.#frames.length - 1;
  }

  pause(): void {
    this.#until = null;
    this.#at = Math.floor(this.#at);
  }

  /** Lets time pass. */
  tick(milliseconds: number): void {
    if (this.#until === null) return;
    const perFrame = this.#mode === "whole" ? 1000 / MOTION_FPS : STILL_MS;
    this.#at = Math.min(this.#until, this.#at + (milliseconds * this.speed) / perFrame);
    if (this.#at >= this.#until) this.pause();
  }

  /**
   * To the end of the next stage, or of the one before.
   *
   * @param tween whether what moves is seen on the way; back is always at once
   */
  step(by: 1 | -1, tween: boolean): void {
    const ends = this.#timeline.ends[this.#mode];
    const at = this.#until !== null && tween ? this.#until : Math.floor(this.#at);
    const target = by > 0 ? ends.find((end) => end > at) : ends.findLast((end) => end < at);
    this.pause();
    if (target === undefined) {
      if (by < 0) this.#at = 0;
    } else if (by > 0 && tween && this.#mode === "whole") this.#until = target;
    else this.#at = target;
  }

  /** To the end of a stage, at once. */
  goTo({ roundIndex, view }: Stop): void {
    const index = this.#timeline.stops.findIndex(
      (stop) => stop.roundIndex === roundIndex && stop.view === view,
    );
    this.pause();
    if (index >= 0) this.#at = this.#timeline.ends[this.#mode][index];
  }

  /** To the first frame, or to the last. */
  goToEnd(end: "first" | "last"): void {
    this.pause();
    this.#at = end === "first" ? 0 : this.#frames.length - 1;
  }

  /** The other way of showing, at the same stage; what plays, plays on. */
  setMode(mode: Mode): void {
    if (mode === this.#mode) return;
    const { isPlaying, stop } = this;
    this.#mode = mode;
    this.goTo(stop);
    if (isPlaying && !this.isAtEnd) this.play();
  }

  get #frames(): readonly Frame[] {
    return this.#timeline.frames[this.#mode];
  }

  get #stopIndex(): number {
    const index = this.#timeline.ends[this.#mode].findIndex((end) => end >= Math.floor(this.#at));
    return index < 0 ? this.#timeline.stops.length - 1 : index;
  }
}
