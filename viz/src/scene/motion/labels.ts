import type { LocalFacts } from "../../read/experiment.js";
import { ease, type Phases } from "../frames/phases.js";
import type { Mark } from "../marks/marks.js";
import { globalRadius, type Point, placed } from "../stage/places.js";
import { labelMarks } from "./marks.js";
import type { LabelPlaces, Whole } from "./stage.js";

/** The numbers of clusters in a client's panel, which go with its means; none where many clients share one. */
export function clientLabels(whole: Whole, index: number, roundIndex: number, phases: Phases): Mark[] {
  const { experiment, panels, theme } = whole.stage;
  const panel = panels[index];
  if (panel.clients.length !== 1) return [];
  const { rounds } = experiment;
  const local = rounds[roundIndex].locals.find(({ client }) => client === panel.clients[0]);
  const begin = roundIndex > 0 ? besideGlobal(whole, index, roundIndex - 1) : null;
  const middle = local === undefined ? begin : besideLocal(whole, index, roundIndex, local);
  const end = besideGlobal(whole, index, roundIndex);
  const update = ease(phases.update);
  return Array.from({ length: rounds[roundIndex].k }, (_, cluster) => cluster).flatMap((cluster) => {
    const [a, b, c] = [begin?.get(cluster), middle?.get(cluster), end.get(cluster)];
    // Of the two ways, to a client's own means and to the next global ones, one is under way.
    return phases.broadcast === 0
      ? labelMarks(cluster, [a, b], update, 1, theme)
      : labelMarks(cluster, [b, c], ease(phases.broadcast), 1, theme);
  });
}

/** Beside the global means of a round in a client's panel. */
function besideGlobal(whole: Whole, index: number, roundIndex: number): LabelPlaces {
  const { experiment, panels } = whole.stage;
  const panel = panels[index];
  const { k, positions } = experiment.rounds[roundIndex];
  const means = Array.from({ length: k }, (_, cluster) => placed(panel, positions, cluster));
  return whole.labelPlaces(`${index}/${roundIndex}`, means, globalRadius(panel), panel.plot);
}

/** Beside a client's own means; of clusters that it has none of, beside the global ones. */
function besideLocal(whole: Whole, index: number, roundIndex: number, local: LocalFacts): LabelPlaces {
  const { experiment, panels } = whole.stage;
  const panel = panels[index];
  const previous = roundIndex > 0 ? experiment.rounds[roundIndex - 1] : null;
  const clusters: number[] = [];
  const means: Point[] = [];
  for (let cluster = 0; cluster < experiment.rounds[roundIndex].k; cluster++) {
    const i = local.targets.findIndex((target, at) => (local.origins[at] ?? target) === cluster);
    if (i < 0 && (previous === null || cluster >= previous.k)) continue;
    clusters.push(cluster);
    means.push(i < 0 ? placed(panel, previous!.positions, cluster) : placed(panel, local.positions, i));
  }
  const found = whole.labelPlaces(`${index}/${roundIndex}/local`, means, globalRadius(panel), panel.plot);
  return new Map([...found].map(([i, at]) => [clusters[i], at]));
}
