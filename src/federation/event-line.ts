import { plural, printableLine } from "../printable.js";
import { describeRows } from "../workflow/agreement.js";
import { describeNotice } from "../workflow/notice.js";
import type { Round, RunEvent } from "./run-event.js";

/** What happened, in one line; null if it is not worth one. */
export function describeEvent(event: RunEvent): string | null {
  const line = lineOf(event);
  return line === null ? null : printableLine(line);
}

function lineOf(event: RunEvent): string | null {
  const without = "dropped" in event && event.dropped.length > 0 ? `, without ${names(event.dropped)}` : "";
  switch (event.type) {
    case "handshake": {
      const { clients, nFeatures } = event.agreement;
      return `handshake: ${plural(clients.length, "client")}, ${describeRows(event.agreement)}, ${plural(nFeatures, "feature")}${without}`;
    }
    case "notice":
      return `note: ${describeNotice(event.notice)}`;
    case "normalization": {
      if (event.normalization.nSamples === 0) return "normalization: by the bounds, without asking";
      const constant = event.normalization.constantFeatures.length;
      const nearly = event.normalization.nearlyConstant.length;
      const rounding = nearly === 0 ? "" : ` (${nearly} but for rounding)`;
      const said = `, ${plural(constant, "constant feature")}${rounding} kept at 0`;
      return `normalization: done${constant > 0 ? said : ""}${without}`;
    }
    case "pca": {
      const count = event.clusteredIn ?? event.pca.nComponents;
      const ratios = event.pca.explainedVarianceRatio.subarray(0, count);
      const share = `${(100 * ratios.reduce((sum, ratio) => sum + ratio, 0)).toFixed(1)} % of the variance`;
      return `PCA: ${count === 1 ? "1 component explains" : `${count} components explain`} ${share}${without}`;
    }
    case "round": {
      const { round, convergenceChange, dropped } = event.round;
      const left = dropped.length > 0 ? `, without ${names(dropped)}` : "";
      if (convergenceChange === null) return `round ${round}: start${left}`;
      return `round ${round}: ${movement(convergenceChange)}, ${withPoints(event.round)}${left}`;
    }
    case "evaluation":
      return without === "" ? null : `evaluation:${without.slice(1)}`;
    case "clustered": {
      const { rounds, cycleLength } = event;
      if (cycleLength === null) return null;
      return `round ${rounds} is round ${rounds - cycleLength} again: a cycle, ended at the round of least inertia`;
    }
  }
}

/**
 * How far the means moved in a round, in words.
 *
 * @param change null in round 0, where they moved from nowhere
 * @param show how to write it; by default in three digits
 */
export function movement(change: number | null, show: (change: number) => string = inThreeDigits): string {
  return change === null ? "start" : `means moved by ${show(change)}`;
}

/** How many clients told of points in a round, in words: not those of fewer rows than a group, which tell of none. */
export function withPoints({ locals, asked }: Pick<Round, "locals" | "asked">): string {
  if (asked !== undefined) return plural(asked.length, "client");
  const told = locals.filter(({ clusters }) => clusters.beforeFilter.counts.some((count) => count > 0));
  return plural(told.length, "client");
}

function inThreeDigits(change: number): string {
  return change.toExponential(2);
}

function names(dropped: readonly { client: string; reason: string }[]): string {
  return dropped.map(({ client, reason }) => `${client} (${reason})`).join(", ");
}
