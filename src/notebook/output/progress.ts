import { paragraph } from "../../markup/html.js";
import { currentFrontend, type Frontend } from "./frontend.js";

/** How far a long call is. */
export interface Progress {
  /** Shows that it goes on, where none of it is done so far. */
  begin(): void;
  /** Shows how much of it is done. */
  onProgress(done: number, total: number): void;
  /** Shows how far it came, and no more. */
  end(): Promise<void>;
}

/** Milliseconds between two bars. */
const INTERVAL = 200;
/** Milliseconds after which a call that has done nothing so far says that it goes on. */
const SILENCE = 500;
/** Milliseconds, and a share of the whole, before which nobody can say how long it will take: threads have to start. */
const KNOWN_AFTER = 1000;
const KNOWN_SHARE = 0.02;

/**
 * Does a long call, and shows how far it is while it lasts, in one output of the cell that is replaced in place: a bar,
 * a count, and the time left. A program is shown nothing.
 *
 * @param what is counted, e.g. "runs"
 */
export async function withProgress<T>(
  what: string,
  work: (onProgress: Progress["onProgress"]) => Promise<T>,
): Promise<T> {
  const frontend = currentFrontend();
  if (frontend.kind === "terminal") return work(() => {});
  const { begin, onProgress, end } = progressIn(frontend, what, () => performance.now());
  const timer = setTimeout(begin, SILENCE);
  try {
    return await work(onProgress);
  } finally {
    clearTimeout(timer);
    await end();
  }
}

/** @param now milliseconds, by any clock */
export function progressIn(frontend: Frontend, what: string, now: () => number): Progress {
  const output = frontend.newOutput();
  let first: { done: number; at: number } | null = null;
  let shownAt = Number.NEGATIVE_INFINITY;
  let last: { done: number; total: number } | null = null;
  let hasBegun = false;
  let showing: Promise<void> = Promise.resolve();
  const show = (line: string, bar: string) => {
    showing = showing.then(() => output.show({ html: bar + paragraph([line]), text: line }));
  };
  return {
    begin() {
      if (last !== null) return;
      hasBegun = true;
      show(`the first ${what}`, '<progress style="width:100%"></progress>');
    },
    onProgress(done, total) {
      const at = now();
      first ??= { done, at };
      last = { done, total };
      if (at - shownAt < INTERVAL) return;
      shownAt = at;
      const left = timeLeft(at - first.at, done - first.done, total - done);
      const line = `${countOf(last, what)}${left === null ? "" : ` · ${left} left`}`;
      show(line, `<progress value="${done}" max="${total}" style="width:100%"></progress>`);
    },
    async end() {
      if (last !== null) show(countOf(last, what), "");
      else if (hasBegun) show(`no ${what}`, "");
      await showing;
      output.end();
    },
  };
}

function countOf({ done, total }: { done: number; total: number }, what: string): string {
  return `${done.toLocaleString("en-US")} of ${total.toLocaleString("en-US")} ${what}`;
}

/**
 * @param spent milliseconds that `done` of the things took
 * @returns in words; null where nothing is known of it yet
 */
function timeLeft(spent: number, done: number, toDo: number): string | null {
  if (spent < KNOWN_AFTER || done < Math.max(1, KNOWN_SHARE * (done + toDo)) || toDo < 1) return null;
  const seconds = ((spent / done) * toDo) / 1000;
  if (seconds < 90) return `about ${Math.max(1, Math.round(seconds))} s`;
  return seconds < 90 * 60
    ? `about ${Math.round(seconds / 60)} min`
    : `about ${Math.round(seconds / 3600)} h`;
}
