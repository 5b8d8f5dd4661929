import { theSetting } from "../errors.js";
import { plural } from "../printable.js";
import type { Agreement } from "./handshake.js";
import { type Notice, serverNotice } from "./notice.js";
import { hasGroups } from "./protection.js";

/** What stands for the rows of a run, in a line; nothing where they are computed from. */
export function groupNotices({ clients, nSamples, nPoints, protection }: Agreement): Notice[] {
  if (!hasGroups(protection)) return [];
  const taking = clients.filter((client) => client.nPoints > 0);
  const least = taking.reduce((size, { leastWeight }) => Math.min(size, leastWeight), Infinity);
  const greatest = taking.reduce((size, { greatestWeight }) => Math.max(size, greatestWeight), 0);
  const text =
    `${plural(nSamples, "row")} as ${plural(nPoints, "group")} of ${least} to ${greatest} ` +
    `(${theSetting("groupSize")} ${protection.groupSize}; ${theSetting("groupSize")} 1 computes from rows, as ` +
    "scikit-learn does, with no protection from the server)";
  const without = clients.length - taking.length;
  if (without === 0) return [serverNotice(text)];
  const few = `${plural(without, "client")} of fewer rows than a group took part with nothing`;
  return [serverNotice(text), serverNotice(few)];
}
