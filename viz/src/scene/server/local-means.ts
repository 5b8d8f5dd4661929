import type { RoundFacts } from "../../read/experiment.js";
import type { FlowMark, Mark } from "../marks/marks.js";
import { clusterStyle } from "../marks/theme.js";
import { symbolHalf } from "../means/free-places.js";
import { type Point, placed } from "../stage/places.js";
import type { Stage } from "../stage/stage.js";
import { heapsOf, hullOf } from "./hull.js";

/* Local means in the server's panel: a symbol each, or, of very many, an outline around those that lie together. */

/** One local mean in the server's panel. */
export interface LocalMean {
  /** Index into `Experiment.clients`. */
  readonly client: number;
  /** The global mean it goes into. */
  readonly cluster: number;
  readonly count: number;
  readonly at: Point;
  readonly radius: number;
}

/** Local means of one cluster that lie together. */
export interface Heap {
  readonly cluster: number;
  readonly members: readonly LocalMean[];
  /** Of all their rows. */
  readonly centre: Point;
  /** x, y, x, y, ...: around all members. */
  readonly outline: readonly number[];
}

/** More local means than this are crowded: without edges, and with one outline around those that lie together. */
const CROWDED = 40;
/** Of fewer a cluster than this there are no outlines, and none around fewer than that. */
const LEAST_PER_CLUSTER = 8;
const LEAST_HEAP = 5;
/** How near symbols lie together, from edge to edge, and the border around them. */
const NEAR = 12;
const BORDER = 3;
const LEAST_RADIUS = 1.6;
/** How far around a global mean the ring is that shows a local one below it. */
export const RING = 4;
/** Width of a ribbon of all rows of a cluster. */
const RIBBON = 22;

/** All local means of a round, client by client. */
export function localMeansOf(stage: Stage, round: RoundFacts): LocalMean[] {
  return round.locals.flatMap((local) =>
    local.targets.map((cluster, i) => ({
      client: local.client,
      cluster,
      count: local.counts[i],
      at: placed({ scale: stage.serverScale }, local.positions, i),
      radius: localRadius(stage, local.counts[i]),
    })),
  );
}

/** Whether there are too many local means to tell each from the others. */
export function isCrowded(means: readonly LocalMean[]): boolean {
  return means.length > CROWDED;
}

/** Area in proportion to the rows behind it. */
function localRadius({ localRowRadius }: Stage, count: number): number {
  return Math.max(LEAST_RADIUS, localRowRadius * Math.sqrt(count));
}

/** Where there are very many, the local means of each cluster that lie together; those that lie apart are in none. */
export function heapsIn(means: readonly LocalMean[], k: number): Heap[] {
  if (!isCrowded(means) || means.length < LEAST_PER_CLUSTER * k) return [];
  const byCluster = Array.from({ length: k }, (): LocalMean[] => []);
  for (const mean of means) byCluster[mean.cluster].push(mean);
  const usualRadius = means.reduce((sum, { radius }) => sum + radius, 0) / Math.max(1, means.length);
  return byCluster.flatMap((own, cluster) =>
    heapsOf(
      own.map(({ at }) => at),
      NEAR + 2 * usualRadius,
    )
      .filter((heap) => heap.length >= LEAST_HEAP)
      .map((heap): Heap => {
        const members = heap.map((i) => own[i]);
        return {
          cluster,
          members,
          centre: centreOf(members),
          outline: hullOf(
            members.map(({ at }) => at),
            BORDER + Math.max(...members.map(({ radius }) => symbolHalf({ radius }))),
          ),
        };
      }),
  );
}

function centreOf(means: readonly LocalMean[]): Point {
  const rows = rowsOf(means);
  const x = means.reduce((sum, { at, count }) => sum + at.x * count, 0) / rows;
  const y = means.reduce((sum, { at, count }) => sum + at.y * count, 0) / rows;
  return { x, y };
}

/**
 * Local means, and how they flow into the global ones: a line each, or a ribbon a heap, as wide as its rows.
 *
 * @param heaps those in them that have an outline
 * @param targets the global means
 */
export function localMeanMarks(
  stage: Stage,
  means: readonly LocalMean[],
  heaps: readonly Heap[],
  targets: readonly Point[],
): Mark[] {
  const crowded = isCrowded(means);
  // Large ones first, so that small ones stay visible.
  const ordered = means.toSorted((a, b) => b.radius - a.radius);
  return [
    ...heaps.map(({ cluster, outline }): Mark => {
      const { color } = clusterStyle(cluster);
      return {
        kind: "area",
        cluster,
        points: outline,
        fill: color,
        opacity: 0.12,
        stroke: color,
        strokeWidth: 1.2,
      };
    }),
    ...ordered.map((mean) => symbolOf(stage, mean, crowded)),
    ...singleOf(means, heaps).map(({ client, cluster, at, radius }) => ({
      ...flowMark(at, targets[cluster], cluster, crowded ? 1 : 1 + radius / 8),
      client,
    })),
    ...heaps.map(({ cluster, centre, members }) => {
      const share = rowsOf(members) / rowsOf(means.filter((mean) => mean.cluster === cluster));
      return flowMark(centre, targets[cluster], cluster, RIBBON * share);
    }),
  ];
}

function symbolOf({ theme }: Stage, { client, cluster, at, radius }: LocalMean, crowded: boolean): Mark {
  const { color, shape } = clusterStyle(cluster);
  const edge = crowded ? {} : { stroke: theme.halo, strokeWidth: 1 };
  const owner = { client, cluster };
  return { kind: "symbol", ...owner, shape, ...at, radius, fill: color, ...edge, opacity: 0.5 };
}

/**
 * Of global means that hide a local one, a ring: else they seem to move for no reason, above all where one client alone
 * has rows of a cluster.
 *
 * @param targets the global means
 */
export function ringMarks(
  means: readonly LocalMean[],
  heaps: readonly Heap[],
  targets: readonly (Point & { readonly radius: number })[],
): Mark[] {
  const hidden = singleOf(means, heaps).filter(({ at, cluster, radius }) => {
    const to = targets[cluster];
    return Math.hypot(at.x - to.x, at.y - to.y) + radius < to.radius + RING / 2;
  });
  return [...new Set(hidden.map(({ cluster }) => cluster))].map((cluster): Mark => {
    const { color, shape } = clusterStyle(cluster);
    const { x, y, radius } = targets[cluster];
    const look = { stroke: color, strokeWidth: 1.6, opacity: 0.8 };
    return { kind: "symbol", shape, x, y, radius: radius + RING, ...look };
  });
}

/** Those that are in no heap. */
function singleOf(means: readonly LocalMean[], heaps: readonly Heap[]): LocalMean[] {
  const inHeaps = new Set(heaps.flatMap(({ members }) => members));
  return means.filter((mean) => !inHeaps.has(mean));
}

function rowsOf(means: readonly LocalMean[]): number {
  return means.reduce((sum, { count }) => sum + count, 0);
}

function flowMark(from: Point, to: Point, cluster: number, width: number): FlowMark {
  const stroke = clusterStyle(cluster).color;
  return { kind: "flow", cluster, x1: from.x, y1: from.y, x2: to.x, y2: to.y, stroke, width, opacity: 0.5 };
}
