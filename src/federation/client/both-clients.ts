import type { Partition } from "../../data/partitions/partition.js";
import type { Matrix } from "../../numerics/matrix.js";
import type { Groups } from "../../privacy/groups.js";
import { NO_POLICY, type Policy } from "../../privacy/policy.js";
import { provenNotice } from "../../privacy/preview.js";
import type { AnsweringClient } from "./answering-client.js";
import { LocalClient } from "./client.js";
import { groupsUnder, pointsUnder, rowsAsPoints } from "./points.js";

/** One party as a server knows it, and as only whoever holds its rows does. */
export interface BothClients<Answering extends AnsweringClient = LocalClient> {
  /** Answers from what stands for its rows. */
  readonly points: Answering;
  /** Answers from its rows; the same client where nothing else stands for them. */
  readonly rows: LocalClient;
  /** What whoever holds the rows should know of them, and of what stands for them, one line each. */
  readonly notices: readonly string[];
}

/**
 * @param name unique in the federation
 * @param mayOverwrite whether the partition's rows are the client's own, to be standardized where they lie: then they are
 *   in memory once, and of one normalization from then on
 */
export function bothClients(
  name: string,
  partition: Partition,
  policy: Policy,
  mayOverwrite = false,
): BothClients {
  const { featureNames, labelColumn = null } = partition;
  const identity = { name, featureNames, labelColumn };
  const groups = groupsUnder(policy, partition);
  // Points that stand for several rows are few, and never loaded again: a file that has grown would be grouped anew.
  const isRows = policy.groupSize === 1;
  const made = pointsUnder(policy, partition, groups);
  const points = new LocalClient(identity, made, policy, isRows && mayOverwrite);
  const notices = [...(partition.notices ?? []), ...noticesOfGroups(partition.rows, groups, policy)];
  if (isRows) return { points, rows: points, notices };
  const rows = new LocalClient(identity, rowsAsPoints(partition), NO_POLICY, mayOverwrite);
  return { points, rows, notices };
}

function noticesOfGroups(rows: Matrix, groups: Groups | null, { groupSize }: Policy): string[] {
  if (groupSize === 1) return [];
  if (groups === null) {
    // Without the number of rows: the same words of all such clients are one note of a simulation.
    return [`fewer rows than a group of ${groupSize}: none of them takes part`];
  }
  const proven = provenNotice(rows, groups, groupSize);
  return proven === null ? [] : [`${proven} (fedkmeans preview names the columns to leave out)`];
}
