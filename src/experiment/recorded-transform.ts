import { existsSync } from "node:fs";
import { shownJson } from "../directory/json-object.js";
import { type Layout, layoutOf } from "../directory/layout.js";
import { readMatrix, readVector } from "../directory/read-array.js";
import { RunError } from "../errors.js";
import type { Transform } from "../numerics/transform.js";
import type { Experiment } from "./open.js";

/**
 * How rows became the rows that were clustered, as the directory records it.
 *
 * @throws RunError if it does not, or if the arrays do not fit together
 */
export function recordedTransform({ experimentDir, configuration, nFeatures }: Experiment): Transform {
  const layout = layoutOf(experimentDir);
  const components = configuration.pca_components ?? null;
  const mean = layout.normalization("mean");
  const d = nFeatures ?? 0;
  return {
    normalization: existsSync(mean)
      ? { mean: readVector(mean, d), scale: readVector(layout.normalization("std"), d) }
      : null,
    projection: components === null ? null : projectionOf(layout, components, d),
  };
}

function projectionOf(layout: Layout, components: unknown, d: number): Transform["projection"] {
  const path = layout.pca("components");
  const { data, nRows } = readMatrix(path, null, "", d);
  if (!Number.isInteger(components) || (components as number) < 1 || (components as number) > nRows) {
    throw new RunError(`${path}: ${shownJson(components)} components expected, found ${nRows}`);
  }
  return {
    mean: readVector(layout.pca("mean"), d),
    components: data.subarray(0, (components as number) * d),
  };
}
