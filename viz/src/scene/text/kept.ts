import type { Experiment } from "../../read/experiment.js";
import { countText } from "./numbers.js";

/** Why a global mean is where it was: what the directory says of those who might have sent one. */
export function keptText(
  { rounds, clients, groups }: Experiment,
  roundIndex: number,
  cluster: number,
): string {
  const { locals, areLocalsRecorded } = rounds[roundIndex];
  const withheld = locals.flatMap((local) => local.withheld).filter(({ origin }) => origin === cluster);
  if (withheld.length > 0) return `kept, ${countText(withheld.length)} withheld`;
  // A client that took no part may have rows there, and a mean that began there may have gone into another.
  const isAll = areLocalsRecorded && locals.length === clients.length;
  const isNobodys = locals.every(({ origins }) => !origins.includes(cluster) && !origins.includes(null));
  if (!isAll || !isNobodys) return "kept";
  return groups === null ? "kept, no rows" : "kept, no groups";
}
