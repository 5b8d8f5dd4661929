import { existsSync } from "node:fs";
import {
  type Layout,
  type LoggedPoints,
  messageOf,
  RunError,
  readArray,
  readPoints,
} from "fedkmeans/directory";
import type { Problem } from "./problem.js";

/**
 * Reads a client's rows, as clustered.
 *
 * @returns (n, nFeatures) row-major; null where they stayed with the client; or why they cannot be drawn
 */
export function readRows(
  layout: Layout,
  client: string,
  nFeatures: number,
): { features: Float64Array | null; problem: Problem | null } {
  const path = layout.clientData(client);
  if (!existsSync(path)) return { features: null, problem: null };
  try {
    const { data, shape } = readArray(path, null, "");
    const nColumns = shape.length === 1 ? 1 : shape[1];
    if (shape.length === 0 || nColumns !== nFeatures) {
      throw new RunError(`${path}: shape (rows, ${nFeatures}) expected, found (${shape})`);
    }
    if (!data.every(Number.isFinite)) {
      throw new RunError(`${path}: finite numbers expected, found NaN or infinity`);
    }
    return { features: data, problem: null };
  } catch (error) {
    return { features: null, problem: problemOf("rows", client, error) };
  }
}

/**
 * Reads the groups that stand for a client's rows.
 *
 * @returns null where they stayed with the client; or why they cannot be drawn
 */
export function readGroups(
  layout: Layout,
  client: string,
  nFeatures: number,
): { groups: LoggedPoints | null; problem: Problem | null } {
  if (!existsSync(layout.clientPoints(client))) return { groups: null, problem: null };
  try {
    return { groups: readPoints(layout, client, nFeatures), problem: null };
  } catch (error) {
    return { groups: null, problem: problemOf("groups", client, error) };
  }
}

function problemOf(what: string, client: string, error: unknown): Problem {
  return { short: `The ${what} of client ${client} cannot be read.`, detail: messageOf(error) };
}
