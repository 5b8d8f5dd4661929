import type { Experiment } from "../read/experiment.js";
import { countText } from "./numbers.js";

/** Why a global mean is where it was: what the directory says of those who might have sent one. */
export function keptText({ rounds, clients }: Experiment, roundIndex: number, cluster: number): string {
  const { locals, areLocalsRecorded } = rounds[roundIndex];
  const withheld = locals.flatMap((local) => local.withheld).filter(({ origin }) => origin === cluster);
  if (withheld.length > 0) return `kept, ${countText(withheld.length)} withheld`;
  const isAll = areLocalsRecorded && locals.length === clients.length;
  return isAll ? "kept, no rows" : "kept";
}
