import { existsSync } from "node:fs";
import { FLAG, type Layout, type LoggedSummary, NUMBER, readArray, settingOf } from "fedkmeans/directory";
import { principalAxes } from "./principal-axes.js";

/** How points of the space clustered in become points of a picture. */
export interface Projection {
  readonly axes: readonly [x: string, y: string];
  /** (n, nFeatures) row-major to (n, 2) row-major. */
  project(points: Float64Array): Float64Array;
}

/**
 * Chooses two coordinates: the features themselves if there are two, the run's own principal components if it
 * clustered in them or recorded them, else principal components of the points given.
 *
 * @param points matrices of nFeatures columns to find components of, best first; the first that has points counts
 */
export function chooseProjection(
  layout: Layout,
  summary: LoggedSummary,
  nFeatures: number,
  points: readonly (readonly Float64Array[])[],
): Projection {
  const recorded = readRecorded(layout, nFeatures);
  const inComponents = settingOf(summary, "pca_components", NUMBER) === nFeatures;
  if (nFeatures <= 2 || inComponents) {
    const isStandardized = settingOf(summary, "normalize", FLAG) ?? existsSync(layout.normalization("mean"));
    const names = summary.feature_names;
    const scale = isStandardized ? " (standardized)" : "";
    const name = inComponents
      ? (c: number) => componentName(c, recorded.ratio)
      : (f: number) => (names?.length === nFeatures ? names[f] : `feature ${f}`) + scale;
    return { axes: [name(0), nFeatures > 1 ? name(1) : ""], project: (all) => firstTwo(all, nFeatures) };
  }
  if (recorded.plane !== null) return onto(recorded.plane, recorded.ratio);
  const { ratio, ...plane } = principalAxes(
    points.find((parts) => parts.some((p) => p.length > 0)) ?? [],
    nFeatures,
  );
  return onto(plane, ratio);
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

function onto({ mean, components }: Plane, ratio: readonly number[]): Projection {
  const d = mean.length;
  const nComponents = Math.min(2, components.length / d);
  return {
    axes: [componentName(0, ratio), nComponents > 1 ? componentName(1, ratio) : ""],
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

function componentName(component: number, ratio: readonly number[]): string {
  const share = ratio[component];
  return `PC ${component + 1}${share === undefined ? "" : ` (${Math.round(100 * share)} %)`}`;
}
