import type { Matrix } from "../numerics/matrix.js";
import { principalComponents } from "../numerics/principal-components.js";
import { scatter } from "../numerics/scatter.js";
import { applyTransform, type Projection } from "../numerics/transform.js";

/** Two coordinates of the space that a run clustered in. */
export interface Plane {
  /** E.g. "PC 1 (53 %)", or a feature with "(standardized)" or its bounds; the second is "" where there is one only. */
  readonly names: readonly [string, string];
  /** Whether they are principal components, which share a unit: the run's own, or of the points at hand. */
  readonly of: "features" | "own components" | "components of points";
  /** @param points (n, p) in the space clustered in */
  place(points: Matrix): Flat;
}

/** Places in a plane. */
export interface Flat {
  /** (n,) */
  readonly x: Float64Array;
  /** (n,) */
  readonly y: Float64Array;
}

/** What a run recorded that its plane follows from. */
export interface PlaneFacts {
  /** Columns of the space clustered in. */
  readonly p: number;
  readonly featureNames: readonly string[] | null;
  readonly isStandardized: boolean;
  /** Whether by public bounds, as under differential privacy, from -1 to 1. */
  readonly isInBox: boolean;
  /** Whether that space is one of principal components. */
  readonly inComponents: boolean;
  /** Shares of the variance that components explain, from 0 to 1; empty where that is not recorded. */
  readonly ratio: readonly number[];
  /** The run's own components of the features clustered in; null where it recorded none. */
  readonly axes: Axes | null;
}

/** Components, with the shares of the variance that they explain, from 0 to 1. */
export interface Axes extends Projection {
  readonly ratio: readonly number[];
}

/** Features beyond which components are not found anew: their cost is the cube of it. */
const MOST_FEATURES = 400;

/**
 * The plane that pictures of a run use: its own principal components where it recorded them, else the features where there
 * are no more than two, else principal components of the points at hand.
 *
 * @param points (n, p) in the space clustered in, of which components may be found
 */
export function planeOf(run: PlaneFacts, points: readonly Matrix[]): Plane {
  const { p, featureNames, isStandardized, isInBox, inComponents, ratio, axes } = run;
  if (inComponents) return { names: componentNames(ratio.slice(0, p)), of: "own components", place: flat };
  if (p > 2) {
    const isOwn = axes !== null && axes.components.length >= 2 * p;
    const found = isOwn ? { ...axes, components: axes.components.subarray(0, 2 * p) } : axesOf(points, p);
    if (found !== null) {
      const { mean, components } = found;
      const transform = { normalization: null, projection: { mean, components } };
      return {
        names: componentNames(found.ratio),
        of: isOwn ? "own components" : "components of points",
        place: (all) => flat(applyTransform(transform, all)),
      };
    }
  }
  const scale = isInBox ? " (bounds at -1 and 1)" : isStandardized ? " (standardized)" : "";
  const name = (f: number) => `${featureNames?.[f] ?? `x${f}`}${scale}`;
  return { names: [name(0), p > 1 ? name(1) : ""], of: "features", place: flat };
}

function axesOf(points: readonly Matrix[], p: number): Axes | null {
  const { data } = stacked(points, p);
  if (p > MOST_FEATURES || data.length < 2 * p) return null;
  const { components, mean, explainedVarianceRatio } = principalComponents(scatter(data, p, null), 2);
  return { components, mean, ratio: [...explainedVarianceRatio] };
}

/** Points below one another: (n, p) of all. */
export function stacked(parts: readonly Matrix[], p: number): Matrix {
  const nRows = parts.reduce((sum, part) => sum + part.nRows, 0);
  const data = new Float64Array(nRows * p);
  let offset = 0;
  for (const part of parts) {
    data.set(part.data, offset);
    offset += part.data.length;
  }
  return { data, nRows, nColumns: p };
}

function componentNames(ratio: readonly number[]): [string, string] {
  const name = (c: number) =>
    `PC ${c + 1}${ratio[c] === undefined ? "" : ` (${Math.round(100 * ratio[c])} %)`}`;
  return [name(0), ratio.length === 1 ? "" : name(1)];
}

/** The first two coordinates; those of one coordinate lie on a line. */
function flat({ data, nRows, nColumns }: Matrix): Flat {
  return {
    x: Float64Array.from({ length: nRows }, (_, i) => data[i * nColumns]),
    y: Float64Array.from({ length: nRows }, (_, i) => (nColumns > 1 ? data[i * nColumns + 1] : 0)),
  };
}
