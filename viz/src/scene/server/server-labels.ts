import type { Mark } from "../marks/marks.js";
import { SIZES } from "../marks/sizes.js";
import type { Labelled } from "../means/chips.js";
import { coveredBy, freePlace, placesBeside, squareAround, symbolHalf } from "../means/free-places.js";
import type { Rect } from "../stage/layout.js";
import type { Stage } from "../stage/stage.js";
import { keptText } from "../text/kept.js";
import { clientTitle } from "../text/names.js";
import { countText } from "../text/numbers.js";
import { textWidth } from "../text/text-width.js";
import { type Heap, type LocalMean, RING } from "./local-means.js";

/* Words in the server's panel, as far as there is room: whose the local means are, how many, and what was kept. */

/** More local means than this have no name beside them, but those that are alone in their clusters. */
const MOST_NAMED = 24;
const MOST_ALONE = 100;
/** More heaps than this have no counts beside them. */
const MOST_COUNTED = 24;
/** Width of a name, at most. */
const NAME = 92;
const SIZE = SIZES.tick;

/** What there is to be named, and where there is no room. */
export interface Labelling {
  readonly locals: readonly LocalMean[];
  readonly heaps: readonly Heap[];
  readonly means: readonly Labelled[];
  /** All that is drawn so far. */
  readonly drawn: readonly Mark[];
}

/** The words that find a place. */
export function serverLabels(stage: Stage, roundIndex: number, labelling: Labelling): Mark[] {
  const { experiment, serverPlot, theme } = stage;
  const { locals, heaps, means, drawn } = labelling;
  const round = experiment.rounds[roundIndex];
  const taken = coveredBy(drawn);
  const marks: Mark[] = [];
  const write = (beside: Rect, text: string, most = Infinity) => {
    const width = Math.min(most, textWidth(text, SIZE)) + 2;
    const place = freePlace(placesBeside(beside, width, SIZE + 2), taken, inner(serverPlot));
    if (place === null) return;
    taken.push(place);
    marks.push({
      kind: "text",
      x: place.x + 1,
      y: place.y + SIZE - 0.5,
      text,
      size: SIZE,
      fill: theme.muted,
      maxWidth: width,
    });
  };
  for (const cluster of round.carriedOver) {
    const mean = means[cluster];
    write(squareAround(mean, mean.radius + 2), keptText(experiment, roundIndex, cluster));
  }
  if (heaps.length <= MOST_COUNTED) {
    for (const { outline, members } of heaps) write(boundsOf(outline), `${countText(members.length)} means`);
  }
  // Of one client alone all are its.
  if (locals.length > MOST_ALONE || round.locals.length < 2) return marks;
  const fed = new Map<number, number>();
  for (const { cluster } of locals) fed.set(cluster, (fed.get(cluster) ?? 0) + 1);
  for (const { at, radius, cluster, client } of locals) {
    const name = clientTitle(experiment.clients[client].name);
    const alone = fed.get(cluster) === 1;
    if (!alone && locals.length > MOST_NAMED) continue;
    const half = Math.max(symbolHalf({ radius, strokeWidth: 1 }), alone ? means[cluster].radius + RING : 0);
    write(squareAround(at, half), alone ? `only ${name}` : name, NAME);
  }
  return marks;
}

function boundsOf(outline: readonly number[]): Rect {
  const xs = outline.filter((_, i) => i % 2 === 0);
  const ys = outline.filter((_, i) => i % 2 === 1);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

function inner({ x, y, width, height }: Rect): Rect {
  return { x: x + 4, y: y + 4, width: width - 8, height: height - 8 };
}
