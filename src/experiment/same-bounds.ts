import { existsSync } from "node:fs";
import { layoutOf } from "../directory/layout.js";
import { readVector } from "../directory/read-array.js";
import { RunError, theSetting } from "../errors.js";
import type { Agreement } from "../workflow/agreement.js";
import { shown } from "../workflow/message.js";
import { boxTransform } from "../workflow/transform/box.js";

/**
 * Checks that a run under differential privacy goes on with the bounds that it began with: its rounds are in the box
 * that they make, and in another one the same numbers would be other rows.
 *
 * @throws RunError naming a feature whose bounds differ
 */
export function checkSameBounds(
  directory: string,
  { bounds, featureNames, nFeatures }: Pick<Agreement, "bounds" | "featureNames" | "nFeatures">,
): void {
  const layout = layoutOf(directory);
  const file = layout.normalization("mean");
  if (bounds === null || !existsSync(file)) return;
  const [mean, half] = [readVector(file, nFeatures), readVector(layout.normalization("std"), nFeatures)];
  const { normalization: now } = boxTransform(bounds);
  const other = mean.findIndex((value, f) => value !== now.mean[f] || half[f] !== now.scale[f]);
  if (other < 0) return;
  const feature = featureNames === null ? `feature ${other}` : shown(featureNames[other]);
  throw new RunError(
    `${directory} can only be resumed with the ${theSetting("bounds")} it began with: ${feature} was in ` +
      `${mean[other] - half[other]} to ${mean[other] + half[other]}, is in ${bounds.low[other]} to ${bounds.high[other]}`,
  );
}
