import { theSetting } from "../errors.js";
import { plural } from "../printable.js";
import type { Agreement } from "./agreement.js";
import { fewRowsForGroups } from "./few-rows.js";
import { type Notice, serverNotice } from "./notice.js";
import { hasGroups } from "./protection.js";

/**
 * What stands for the rows of a run, and where that is little for so many clusters, a line each; nothing where rows are
 * computed from.
 *
 * @param k number of clusters wanted
 */
export function groupNotices(agreement: Agreement, k: number): Notice[] {
  const { clients, nSamples, nPoints, protection } = agreement;
  if (!hasGroups(protection)) return [];
  const taking = clients.filter((client) => client.nPoints > 0);
  const least = taking.reduce((size, { leastWeight }) => Math.min(size, leastWeight), Infinity);
  const greatest = taking.reduce((size, { greatestWeight }) => Math.max(size, greatestWeight), 0);
  const text =
    `${plural(nSamples, "row")} as ${plural(nPoints, "group")} of ${least} to ${greatest} ` +
    `(${theSetting("groupSize")} ${protection.groupSize}; ${theSetting("groupSize")} 1 computes from rows, as ` +
    "scikit-learn does, with no protection from the server)";
  const without = clients.length - taking.length;
  const few = `${plural(without, "client")} of fewer rows than a group took part with nothing`;
  const rows = taking.map((client) => client.nSamples);
  const warning = fewRowsForGroups(rows, k, protection.groupSize);
  return [text, ...(without > 0 ? [few] : []), ...(warning === null ? [] : [warning])].map(serverNotice);
}
