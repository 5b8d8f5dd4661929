import { RunError, theSetting } from "../../errors.js";
import { kMeansPlusPlus } from "../../numerics/k-means-plus-plus.js";
import type { Matrix } from "../../numerics/matrix.js";
import { openAssignment } from "../../numerics/open-assignment.js";
import { randomStream } from "../../numerics/random.js";
import { type LocalData, privacyThreshold } from "../local-data.js";
import { countOf, type Message, randomStateOf } from "../message.js";
import type { Protection } from "../protection.js";
import { transformOf } from "../transform/arrays.js";
import type { CheckedSettings, NameOf } from "./algorithm.js";
import { onlyFkm } from "./checks.js";
import { type LocalMeansReply, localMeansAtStart } from "./local-clusters.js";

/*
 * Where the program of Garst & Reinders (2024) differs from `fkm`: it sends single rows, so a client must have
 * agreed to that by a threshold of 0 or 1.
 */

/** The published study drops local means of one row. */
export const PUBLISHED_MINIMUM = 2;

/** @throws UsageError if a setting does not go with it */
export function checkPublished({ start }: CheckedSettings, nameOf: NameOf): void {
  if (start !== "k-means++") throw onlyFkm(nameOf);
}

/**
 * Counted again after the iterations, a mean may be of another number of rows than its count says.
 *
 * @throws RunError if the client has groups of rows, or its threshold, or the server's, is above 1
 */
export function refusePublished({ groupSize }: Protection, threshold: number): void {
  if (groupSize > 1) {
    throw new RunError(
      `${theSetting("asPublished")} sends single rows, and the client has groups of ${groupSize}`,
    );
  }
  if (threshold > 1) {
    throw new RunError(
      `${theSetting("asPublished")} sends single rows, which needs a privacy threshold of 0 or 1, found ${threshold}`,
    );
  }
}

/**
 * The start of the published study: the rows that k-means++ draws, as they are, and how many rows are nearest
 * to each.
 *
 * @throws RunError if the client's threshold, or the server's, is above 1: these are rows, not means of rows
 */
export function answerPublishedStart(local: LocalData, request: Message): LocalMeansReply {
  const rows = local.transformed(transformOf(request, local.nFeatures));
  const k = Math.min(countOf(request, "k", 1), rows.nRows);
  refusePublished(local.protection, privacyThreshold(local, request));
  const random = randomStream(randomStateOf(request), `start/${local.name}`);
  const means = kMeansPlusPlus(rows.data, rows.nColumns, k, null, random);
  const found = { means, ...countNearest(rows, means) };
  return localMeansAtStart(found, {
    rows: local.nSamples,
    threshold: PUBLISHED_MINIMUM,
    nColumns: rows.nColumns,
  });
}

/** How many rows are nearest to each mean, (k,), and their inertia. */
export function countNearest(rows: Matrix, means: Float64Array): { counts: Float64Array; inertia: number } {
  const assignment = openAssignment(rows.data, rows.nColumns, means.length / rows.nColumns, null);
  assignment.assign(means);
  const found = { counts: assignment.sums().counts, inertia: assignment.inertia() };
  assignment.close();
  return found;
}
