import { movement, withPoints } from "../federation/event-line.js";
import type { RunEvent } from "../federation/run-event.js";
import { describeRows } from "../workflow/agreement.js";
import type { Dropped } from "../workflow/exchange.js";
import { describeNotice } from "../workflow/notice.js";
import type { Normalization } from "../workflow/transform/normalization.js";

/**
 * What the server's log says of an event, a line each.
 *
 * @param featureNames null where features have none
 */
export function serverLogLines(
  event: RunEvent,
  { carrier, threads }: { readonly carrier: string; readonly threads: number | null },
  featureNames: readonly string[] | null,
): string[] {
  switch (event.type) {
    case "handshake": {
      const { clients, nFeatures } = event.agreement;
      const onThreads = threads === null ? "" : `, ${threads} threads`;
      return [
        ...droppedLines("handshake", event.dropped),
        `${clients.length} clients, ${describeRows(event.agreement)}, ${nFeatures} features; carrier ${carrier}${onThreads}`,
      ];
    }
    case "notice":
      // A client's word is in its own log.
      return event.notice.from === "server" ? [`notice: ${describeNotice(event.notice)}`] : [];
    case "normalization":
      return [
        ...droppedLines("normalization", event.dropped),
        ...constantLines(event.normalization, featureNames),
      ];
    case "pca": {
      if (event.sweeps === null) return droppedLines("PCA", event.dropped);
      const { count, isFound, residual } = event.sweeps;
      const end = isFound ? "components found" : "components not found, given up";
      return [
        ...droppedLines("PCA", event.dropped),
        `PCA: ${end} after ${count} sweeps, residual ${residual.toExponential(1)}`,
      ];
    }
    case "round": {
      const { round, convergenceChange, global, dropped } = event.round;
      const step = `round ${round}`;
      return [
        ...droppedLines(step, dropped),
        `${step}: ${movement(convergenceChange, String)}, ${withPoints(event.round)}`,
        ...global.carriedOver.map(
          (cluster) => `${step}: nobody reported cluster ${cluster}, which keeps its mean`,
        ),
      ];
    }
    case "clustered":
      return [];
    case "evaluation": {
      const isUnknown = event.metrics.silhouetteScore === null && event.metricsOf !== "none";
      const why = "the exact silhouette was not computed: rows not recorded, not all there, or too many";
      return [...droppedLines("evaluation", event.dropped), ...(isUnknown ? [why] : [])];
    }
  }
}

function droppedLines(step: string, dropped: readonly Dropped[]): string[] {
  return dropped.map(({ client, reason }) => `${step}: without client ${client}: ${reason}`);
}

function constantLines(
  { constantFeatures, nearlyConstant }: Normalization,
  featureNames: readonly string[] | null,
): string[] {
  const deviations = new Map(nearlyConstant.map(({ feature, deviation }) => [feature, deviation]));
  return constantFeatures.map((feature) => {
    const name = featureNames?.[feature] ?? feature;
    const deviation = deviations.get(feature);
    const rounding = deviation === undefined ? "" : ` but for rounding (standard deviation ${deviation})`;
    return `feature ${name} is constant${rounding}, kept at 0`;
  });
}
