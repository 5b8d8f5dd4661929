import type { Partition } from "../../data/partitions/partition.js";
import { theSetting } from "../../errors.js";
import { plural } from "../../printable.js";
import { NO_POLICY, type Policy, type PrivatePolicy } from "../../privacy/policy.js";
import type { BothClients } from "./both-clients.js";
import { MemoryBudget } from "./budget/memory-budget.js";
import { LocalClient } from "./client.js";
import { rowsAsPoints } from "./points.js";
import { PrivateClient, withinBounds } from "./private-client.js";

/**
 * One party under differential privacy, and as only whoever holds its rows knows it: it spends a budget in memory until
 * it is given another.
 *
 * @param policy of differential privacy
 * @throws RunError where the rows have not the features that the bounds are of
 */
export function privateClients(
  name: string,
  partition: Partition,
  policy: Policy,
  { bounds, ...limits }: PrivatePolicy,
): BothClients<PrivateClient> {
  const points = new PrivateClient(name, partition, policy, { budget: new MemoryBudget(limits), run: "" });
  const { featureNames, labelColumn = null, ...own } = withinBounds(partition, bounds);
  // The private client's rows are the same, so that these may not be overwritten.
  const rows = new LocalClient(
    { name, featureNames, labelColumn },
    rowsAsPoints({ featureNames, ...own }),
    NO_POLICY,
  );
  const notices = [...(partition.notices ?? []), ...clippedNotices(points)];
  return { points, rows, notices };
}

/** A client's word to its owner, and to nobody else: how many rows differ from what anybody could expect. */
function clippedNotices({ nClipped, nSamples }: PrivateClient): string[] {
  if (nClipped === 0) return [];
  return [
    `${plural(nClipped, "row")} of ${nSamples} outside ${theSetting("bounds")}: clipped to them; no server is told`,
  ];
}
