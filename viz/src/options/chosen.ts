import { UsageError } from "fedkmeans/directory";
import { type ChosenPicture, LEAST_FPS, mostFps, type Settings } from "../options.js";
import type { Experiment } from "../read/experiment.js";

/* What options ask of an experiment, which only the experiment can answer. */

/** Names that an error lists. */
const MOST_NAMED = 20;
/** Seconds that the last of the still pictures stays. */
const LAST_SECONDS = 2;

/**
 * @param asked names, or a text of names with commas between them, where a name may have commas of its own
 * @returns names in client order; null is all
 * @throws UsageError naming those there are
 */
export function chosenClients(
  { directory, clients }: Experiment,
  asked: ChosenPicture["clients"],
): readonly string[] | null {
  if (asked === null) return null;
  const known = clients.map(({ name }) => name);
  const names = typeof asked === "string" ? namesIn(asked, known) : asked;
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined || names.length === 0) {
    const more = known.length > MOST_NAMED ? ` and ${known.length - MOST_NAMED} more` : "";
    const has = known.length === 0 ? "no clients" : known.slice(0, MOST_NAMED).join(", ") + more;
    throw new UsageError(`client ${JSON.stringify(unknown ?? "")} asked for, but ${directory} has ${has}`);
  }
  return known.filter((name) => names.includes(name));
}

/** Of several pieces that make a name together, the most. */
function namesIn(text: string, known: readonly string[]): string[] {
  const pieces = text.split(",");
  const names: string[] = [];
  for (let from = 0; from < pieces.length; ) {
    let to = pieces.length;
    const name = () => pieces.slice(from, to).join(",").trim();
    while (to > from + 1 && !known.includes(name())) to--;
    names.push(name());
    from = to;
  }
  return names;
}

/** @throws UsageError if axes cannot count in what is asked for */
export function checkScale({ directory, original }: Experiment, { scale }: ChosenPicture): void {
  if (scale === "original" && "problem" in original) {
    throw new UsageError(`scale original asked for, but of ${directory} ${original.problem}`);
  }
}

/** How fast pictures follow one another. */
export interface Pace {
  readonly fps: number;
  /** How often the last picture is shown again. */
  readonly extra: number;
}

/**
 * The pace of a video. Still pictures stay equally long, but the last one for two seconds where there is time.
 *
 * @param nFrames without those of the last picture again
 * @throws UsageError if the seconds are too few or too many for them
 */
export function paceOf({ smooth, fps, seconds, format }: Settings, nFrames: number): Pace {
  if (smooth) {
    // Of every step there is a frame at least.
    if (seconds !== null && nFrames > Math.max(1, Math.round(seconds * fps))) {
      throw new UsageError(
        `seconds must be at least ${Math.ceil((10 * nFrames) / fps) / 10} for this motion, found ${seconds}`,
      );
    }
    return { fps, extra: 0 };
  }
  if (seconds === null) return { fps, extra: Math.max(0, Math.round(LAST_SECONDS * fps) - 1) };
  const last = Math.min(LAST_SECONDS, seconds / 3);
  const extra = Math.max(0, Math.round((last * (nFrames - 1)) / (seconds - last)) - 1);
  const rate = (nFrames + extra) / seconds;
  if (rate > mostFps(format) || rate < LEAST_FPS) {
    const steps = (nFrames - 1) / mostFps(format);
    const least = Math.min(LAST_SECONDS + steps, Math.max(1.5 * steps, 1 / mostFps(format)));
    throw new UsageError(
      `seconds must be from ${Math.ceil(10 * least) / 10} to ${nFrames / LEAST_FPS} for ${nFrames} pictures, found ${seconds}`,
    );
  }
  return { fps: rate, extra };
}

/** @throws UsageError if none of the rounds asked for is there */
export function checkRounds({ rounds }: Pick<Settings, "rounds">, experiment: Experiment): void {
  const first = experiment.rounds[0].round;
  const last = experiment.rounds.at(-1)!.round;
  if (rounds !== null && (rounds.first > last || rounds.last < first)) {
    const asked =
      rounds.first === rounds.last ? `round ${rounds.first}` : `rounds ${rounds.first}-${rounds.last}`;
    throw new UsageError(`${asked} asked for, but ${experiment.directory} has rounds ${first} to ${last}`);
  }
}
