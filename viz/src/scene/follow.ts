import type { Layer, Mark, PointsMark, RectMark, Scene } from "./marks/marks.js";
import { clusterStyle, N_STYLES } from "./marks/theme.js";
import type { Rect } from "./stage/layout.js";

/* Following a client or a cluster through pictures: everything else fades. */

/** What is followed; of both, what is of either. */
export interface Followed {
  /** Index into `Experiment.clients`. */
  readonly client: number | null;
  readonly cluster: number | null;
}

/** What is left of marks that are not followed. */
const FADED = 0.2;
/** Colours alone tell fewer clusters apart than colours and shapes. */
const COLORS = 8;

const BY_STYLE = new Map<string, number>();
for (let cluster = N_STYLES - 1; cluster >= 0; cluster--) {
  const { color, shape } = clusterStyle(cluster);
  BY_STYLE.set(`${color}/${shape}`, cluster);
  BY_STYLE.set(color, cluster);
}

/**
 * The cluster a mark is of: the one it says, else the one whose look it has.
 *
 * @param k number of clusters: with more than there are colours, a colour alone says nothing
 */
export function clusterOf(mark: Mark, k: number): number | null {
  if (mark.cluster !== undefined) return mark.cluster;
  if (mark.kind === "chip") return BY_STYLE.has(mark.ring) ? Number(mark.text) : null;
  if (mark.kind === "points" || mark.kind === "text") return null;
  const look = ("fill" in mark && BY_STYLE.has(mark.fill ?? "") ? mark.fill : mark.stroke) ?? "";
  if (mark.kind === "symbol") return BY_STYLE.get(`${look}/${mark.shape}`) ?? null;
  return k <= COLORS ? (BY_STYLE.get(look) ?? null) : null;
}

/** A scene in which all but what is followed fades. */
export function followedScene(scene: Scene, followed: Followed, k: number): Scene {
  const { client, cluster } = followed;
  if (client === null && cluster === null) return scene;
  const panels = panelsOf(scene);
  const isFaded = (mark: Mark): boolean => {
    const ofCluster = clusterOf(mark, k);
    if (cluster !== null && ofCluster !== null && ofCluster !== cluster) return true;
    if (client === null) return false;
    const ofClient = mark.client ?? clientAt(panels, placeOf(mark));
    return ofClient !== null && ofClient !== client;
  };
  const suffix = `/follow ${client} ${cluster}`;
  return {
    ...scene,
    layers: scene.layers.flatMap((layer) =>
      // What signs mean holds of all.
      layer.isLegend ? [layer] : split(layer, isFaded, cluster, suffix),
    ),
  };
}

/** What a place of a scene is of: the mean or row there, or else whose panel it is; null where it is nobody's. */
export function followedAt(scene: Scene, x: number, y: number, k: number, reach: number): Followed | null {
  const panels = panelsOf(scene);
  const client = clientAt(panels, { x, y });
  const marks = scene.layers.filter(({ opacity }) => opacity > 0.5).flatMap((layer) => layer.marks);
  for (const mark of marks.toReversed()) {
    const isSymbol = mark.kind === "symbol" || mark.kind === "chip";
    if (!isSymbol) continue;
    const radius = mark.kind === "chip" ? mark.size : mark.radius;
    const cluster = Math.hypot(mark.x - x, mark.y - y) <= radius + reach / 2 ? clusterOf(mark, k) : null;
    if (cluster !== null) return { client: null, cluster };
  }
  for (const mark of marks) {
    if (mark.kind !== "points" || !isInside({ x, y }, mark)) continue;
    const cluster = clusterAt(mark, x, y, reach);
    if (cluster !== null) return { client: null, cluster };
  }
  return client === null ? null : { client, cluster: null };
}

interface OwnedPanel extends Rect {
  readonly client: number;
}

/** The panels of single clients. */
function panelsOf(scene: Scene): OwnedPanel[] {
  return scene.layers
    .flatMap(({ marks }) => marks)
    .filter(
      (mark): mark is RectMark & { client: number } => mark.kind === "rect" && mark.client !== undefined,
    );
}

function clientAt(panels: readonly OwnedPanel[], place: { x: number; y: number } | null): number | null {
  if (place === null) return null;
  return panels.find((panel) => isInside(place, panel))?.client ?? null;
}

function isInside({ x, y }: { x: number; y: number }, rect: Rect): boolean {
  return x >= rect.x && y >= rect.y && x < rect.x + rect.width && y < rect.y + rect.height;
}

function placeOf(mark: Mark): { x: number; y: number } | null {
  if ("points" in mark) return { x: mark.points[0], y: mark.points[1] };
  if (mark.kind === "flow") return { x: mark.x1, y: mark.y1 };
  return { x: mark.x, y: mark.y };
}

/** The cluster of the nearest row within reach. */
function clusterAt({ positions, labels }: PointsMark, x: number, y: number, reach: number): number | null {
  if (labels === null) return null;
  let best = -1;
  let bestDistance = reach;
  for (let i = 0; i < labels.length; i++) {
    const distance = Math.hypot(positions[2 * i] - x, positions[2 * i + 1] - y);
    if (distance >= bestDistance) continue;
    best = i;
    bestDistance = distance;
  }
  return best < 0 ? null : labels[best];
}

/** A layer as layers of what is faded and what is not, in the order of the marks. */
function split(
  layer: Layer,
  isFaded: (mark: Mark) => boolean,
  cluster: number | null,
  suffix: string,
): Layer[] {
  const runs: { faded: boolean; marks: Mark[] }[] = [];
  const add = (mark: Mark, faded: boolean) => {
    const last = runs.at(-1);
    if (last?.faded === faded) last.marks.push(mark);
    else runs.push({ faded, marks: [mark] });
  };
  const own: Mark[] = [];
  for (const mark of layer.marks) {
    if (mark.kind !== "points" || cluster === null || mark.labels === null || isFaded(mark)) {
      add(mark, isFaded(mark));
    } else {
      add(
        rowsOf(mark, (label) => label !== cluster),
        true,
      );
      own.push(rowsOf(mark, (label) => label === cluster));
    }
  }
  for (const mark of own) add(mark, false);
  if (runs.length === 1 && !runs[0].faded && own.length === 0) return [layer];
  return runs.map(({ faded, marks }, i) => ({
    ...layer,
    key: layer.key === null ? null : `${layer.key}${suffix} ${i}`,
    marks,
    opacity: layer.opacity * (faded ? FADED : 1),
  }));
}

function rowsOf(mark: PointsMark, isKept: (label: number) => boolean): PointsMark {
  const { positions, weights, labels } = mark;
  const kept = [...labels!.keys()].filter((i) => isKept(labels![i]));
  return {
    ...mark,
    positions: Float32Array.from(
      { length: 2 * kept.length },
      (_, i) => positions[2 * kept[i >> 1] + (i & 1)],
    ),
    weights: weights && Float32Array.from(kept, (i) => weights[i]),
    labels: Uint16Array.from(kept, (i) => labels![i]),
  };
}
