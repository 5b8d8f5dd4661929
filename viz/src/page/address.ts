import { VIEWS } from "../scene/frames/frame.js";
import type { Mode, Stop } from "./timeline.js";

/** A place in a run that an address of its page names: "#round=3&stage=local". */
export interface Place {
  readonly stop: Stop;
  readonly mode: Mode;
}

/** @param roundOf the number of a round by its index */
export function addressOf({ stop, mode }: Place, roundOf: (index: number) => number): string {
  const whole = mode === "whole" ? "&view=whole" : "";
  return `#round=${roundOf(stop.roundIndex)}&stage=${stop.view}${whole}`;
}

/**
 * The place that an address names.
 *
 * @param rounds numbers of the rounds, in order
 * @returns null where it names none
 */
export function placeIn(address: string, rounds: readonly number[]): Place | null {
  const named = new URLSearchParams(address.replace(/^#/, ""));
  const round = named.get("round") ?? "";
  const roundIndex = /^\d+$/.test(round) ? rounds.indexOf(Number(round)) : -1;
  const stage = named.get("stage");
  const view = VIEWS.find((candidate) => candidate === stage) ?? (stage === null ? "global" : undefined);
  if (roundIndex < 0 || view === undefined) return null;
  return { stop: { roundIndex, view }, mode: named.get("view") === "whole" ? "whole" : "stills" };
}
