import type { Experiment } from "../../read/experiment.js";
import type { Frame, Step, View } from "../frames/frame.js";
import { roundTitle } from "../frames/sentence.js";
import { stepsOf } from "../frames/steps.js";
import { countText, measureText, plural } from "../text/numbers.js";

const STEPS_OF: Readonly<Record<View, readonly Step[]>> = {
  local: ["assign", "update", "withhold"],
  aggregation: ["collect", "aggregate"],
  global: ["broadcast"],
};

/**
 * A still picture in words, for those who do not see it.
 *
 * @param title the headline it is under; null: none
 */
export function frameText(
  experiment: Experiment,
  { roundIndex, view }: Extract<Frame, { kind: "still" }>,
  title: string | null = null,
): { title: string; description: string } {
  const { rounds, clients, algorithm, noise } = experiment;
  const { k, sizes, change, inertia } = rounds[roundIndex];
  const steps = stepsOf(experiment, roundIndex).filter(({ step }) => STEPS_OF[view].includes(step));
  const facts = [
    `${plural(clients.length, "client")}, ${plural(k, "cluster")}${algorithm === null ? "" : `, ${algorithm}`}.`,
    ...steps.map(({ caption }) => caption),
    ...(sizes === null
      ? []
      : [
          `Rows of clusters 0 to ${k - 1}${noise === null ? "" : ", with noise"}: ${sizes.map((size) => countText(size)).join(", ")}.`,
        ]),
    ...(change === null ? [] : [`The global means moved by ${measureText(change)}.`]),
    ...(inertia === null ? [] : [`Inertia: ${measureText(inertia)}.`]),
  ];
  const which = `${roundTitle(experiment, roundIndex)}, ${view}`;
  return { title: title === null ? which : `${title}: ${which}`, description: facts.join(" ") };
}
