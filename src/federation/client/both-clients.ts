import type { Partition } from "../../data/partitions/partition.js";
import { NO_POLICY, type Policy } from "../../privacy/policy.js";
import { LocalClient } from "./client.js";
import { pointsUnder } from "./points.js";

/** One party as a server knows it, and as only whoever holds its rows does. */
export interface BothClients {
  /** Answers from what stands for its rows. */
  readonly points: LocalClient;
  /** Answers from its rows; the same client where nothing else stands for them. */
  readonly rows: LocalClient;
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
  const clientUnder = (held: Policy) =>
    new LocalClient({ name, featureNames, labelColumn }, pointsUnder(held, partition), held, mayOverwrite);
  const points = clientUnder(policy);
  return { points, rows: policy.groupSize === 1 ? points : clientUnder(NO_POLICY) };
}
