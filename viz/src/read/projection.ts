import { existsSync } from "node:fs";
import {
  FLAG,
  type Layout,
  type LoggedSummary,
  messageOf,
  NUMBER,
  RunError,
  readArray,
  settingOf,
} from "fedkmeans/directory";
import type { Experiment, OriginalAxis } from "./experiment.js";
import { principalAxes } from "./principal-axes.js";

/** How points of the space clustered in become points of a picture. */
export interface Projection extends Pick<Experiment, "axes" | "explained" | "original"> {
  /** (n, nFeatures) row-major to (n, 2) row-major. */
  project(points: Float64Array): Float64Array;
}

/**
 * Chooses two coordinates: the features themselves if there are two, the run's own principal components if it
 * clustered in them or recorded them, else principal components of the points given.
 *
 * @param isNoisy whether values were scaled to public bounds, and not by moments of rows
 * @param points matrices of nFeatures columns to find components of: of rows where there are any, else of means
 */
export function chooseProjection(
  layout: Layout,
  summary: LoggedSummary,
  nFeatures: number,
  isNoisy: boolean,
  points: { readonly rows: readonly Float64Array[]; readonly means: readonly Float64Array[] },
): Projection {
  const recorded = readRecorded(layout, nFeatures);
  const explained = areShares(recorded.ratio) ? recorded.ratio : [];
  const inComponents = settingOf(summary, "pca_components", NUMBER) === nFeatures;
  if (nFeatures <= 2 || inComponents) {
    const said = settingOf(summary, "normalize", FLAG);
    const isStandardized = said ?? existsSync(layout.normalization("mean"));
    const names = summary.feature_names;
    const scale = !isStandardized ? "" : isNoisy ? " (bounds at -1 and 1)" : " (standardized)";
    const feature = (f: number) => (names?.length === nFeatures ? names[f] : `x${f}`);
    const name = inComponents
      ? (c: number) => componentName(c, recorded.ratio)
      : (f: number) => feature(f) + scale;
    return {
      axes: [name(0), nFeatures > 1 ? name(1) : ""],
      explained,
      original: inComponents ? MIXED : originalAxes(layout, nFeatures, isStandardized || said, feature),
      project: (all) => firstTwo(all, nFeatures),
    };
  }
  if (recorded.plane !== null) return { ...onto(recorded.plane, recorded.ratio), explained };
  const areOfRows = points.rows.some((part) => part.length > 0);
  const { ratio, ...plane } = principalAxes(areOfRows ? points.rows : points.means, nFeatures);
  return { ...onto(plane, ratio, areOfRows ? "" : " of the means"), explained };
}

/** Whether they can be shares of a whole, to rounding. */
function areShares(ratio: readonly number[]): boolean {
  return ratio.every((share) => share >= 0) && ratio.reduce((sum, share) => sum + share, 0) <= 1.001;
}

const MIXED: Experiment["original"] = {
  problem: "the axes are principal components, which mix the features and have no units of their own",
};

/**
 * Undoes the standardization of the features drawn.
 *
 * @param isStandardized null where the directory does not say
 */
function originalAxes(
  layout: Layout,
  nFeatures: number,
  isStandardized: boolean | null,
  nameOf: (feature: number) => string,
): Experiment["original"] {
  if (isStandardized === null)
    return { problem: "the directory does not say whether values were standardized" };
  const read = (name: "mean" | "std") => {
    const path = layout.normalization(name);
    const { data } = readArray(path, null, "");
    if (data.length === nFeatures && data.every(Number.isFinite)) return data;
    throw new RunError(`${path}: ${nFeatures} finite numbers expected`);
  };
  try {
    const scaling = isStandardized ? { mean: read("mean"), std: read("std") } : null;
    const axis = (f: number): OriginalAxis => {
      if (f >= nFeatures) return { name: "", factor: 1, offset: 0 };
      // A feature that is the same in all rows is not divided by its deviation.
      return { name: nameOf(f), factor: scaling?.std[f] || 1, offset: scaling?.mean[f] ?? 0 };
    };
    return [axis(0), axis(1)];
  } catch (error) {
    return { problem: `what undoes the standardization cannot be read: ${messageOf(error)}` };
  }
}

interface Plane {
  /** (d,) */
  readonly mean: Float64Array;
  /** (c, d) row-major, of which the first two are drawn; 1 <= c. */
  readonly components: Float64Array;
}

/** The run's own components where they are whole and of the space clustered in. */
function readRecorded(layout: Layout, d: number): { plane: Plane | null; ratio: readonly number[] } {
  const read = (name: Parameters<Layout["pca"]>[0]) => {
    try {
      const { data } = readArray(layout.pca(name), null, "");
      return data.every(Number.isFinite) ? data : null;
    } catch {
      return null;
    }
  };
  if (!existsSync(layout.pca("components"))) return { plane: null, ratio: [] };
  const components = read("components");
  const mean = read("mean");
  const isOfSpace =
    components !== null && mean?.length === d && components.length >= d && components.length % d === 0;
  return {
    plane: isOfSpace ? { components, mean } : null,
    ratio: [...(read("explained_variance_ratio") ?? [])],
  };
}

/** @param whose what the components are of, where that is not the rows */
function onto(
  { mean, components }: Plane,
  ratio: readonly number[],
  whose = "",
): Omit<Projection, "explained"> {
  const d = mean.length;
  const nComponents = Math.min(2, components.length / d);
  return {
    axes: [componentName(0, ratio, whose), nComponents > 1 ? componentName(1, ratio, whose) : ""],
    original: MIXED,
    project(points) {
      const nRows = points.length / d;
      const positions = new Float64Array(2 * nRows);
      for (let row = 0; row < nRows; row++) {
        for (let c = 0; c < nComponents; c++) {
          let sum = 0;
          for (let f = 0; f < d; f++) sum += (points[row * d + f] - mean[f]) * components[c * d + f];
          positions[2 * row + c] = sum;
        }
      }
      return positions;
    },
  };
}

/** The first two coordinates; of one coordinate, it and 0. */
function firstTwo(points: Float64Array, nFeatures: number): Float64Array {
  if (nFeatures === 2) return points;
  const nRows = points.length / nFeatures;
  const positions = new Float64Array(2 * nRows);
  for (let row = 0; row < nRows; row++) {
    positions[2 * row] = points[row * nFeatures];
    if (nFeatures > 1) positions[2 * row + 1] = points[row * nFeatures + 1];
  }
  return positions;
}

function componentName(component: number, ratio: readonly number[], whose = ""): string {
  const share = ratio[component];
  return `PC ${component + 1}${whose}${share === undefined ? "" : ` (${Math.round(100 * share)} %)`}`;
}
