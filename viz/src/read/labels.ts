import { assignRows } from "./assignment.js";
import type { Experiment } from "./experiment.js";

/**
 * The nearest global mean of each of a client's points in a round.
 *
 * @param client index into `Experiment.clients`
 * @returns null where the client's points stayed with it
 */
export type LabelsOf = (client: number, roundIndex: number) => Uint16Array | null;

/** Neighbouring frames need those of two rounds. */
const KEPT_ROUNDS = 2;

/** Finds them when they are asked for. */
export function labeller({ clients, rounds, nFeatures }: Experiment): LabelsOf {
  const known = new Map<number, Map<number, Uint16Array>>();
  return (client, roundIndex) => {
    const { points } = clients[client];
    if (points === null) return null;
    let round = known.get(roundIndex);
    if (round === undefined) {
      if (known.size === KEPT_ROUNDS) known.delete(known.keys().next().value!);
      round = new Map();
      known.set(roundIndex, round);
    }
    let labels = round.get(client);
    if (labels === undefined) {
      labels = assignRows(points.features, nFeatures, rounds[roundIndex].means);
      round.set(client, labels);
    }
    return labels;
  };
}
