import type { Experiment } from "../read/experiment.js";
import { labeller } from "../read/labels.js";
import { countsUnder } from "../scene/stage/counts.js";
import { clientTitle } from "../scene/text/names.js";
import { countText, groupsText, measureText, noiseText, plural } from "../scene/text/numbers.js";
import { escaped } from "./escaped.js";

/** The result of a run as HTML: what a reader without scripts, or without eyes for the picture, has of it. */
export function resultTables(experiment: Experiment): string {
  return `${facts(experiment)}\n${countsTable(experiment)}`;
}

function facts(experiment: Experiment): string {
  const { rounds, metrics, groups, metricsOf, converged, tolerance, cycleLength, noise } = experiment;
  const last = rounds.at(-1)!;
  const ofWhat = groups === null && noise === null ? "" : ` (of ${metricsOf})`;
  const ended =
    converged === null
      ? null
      : cycleLength !== null
        ? `a cycle of ${plural(cycleLength, "round")}`
        : converged
          ? "yes"
          : "no";
  const entries: (readonly [name: string, value: string | null])[] = [
    ["Algorithm", experiment.algorithm],
    ["Clients", countText(experiment.clients.length)],
    ["Groups", groups && groupsText(groups)],
    ["Privacy", noise && noiseText(noise)],
    ["Clusters", countText(last.k)],
    ["Last round", countText(last.round)],
    // Under noise, rounds are as many as are planned.
    ["Converged", noise === null ? ended : null],
    ["Means moved by", known(last.change)],
    ["Tolerance", known(tolerance)],
    noise === null
      ? [groups === null ? "Inertia" : "Inertia of groups", known(last.inertia)]
      : [`Inertia${ofWhat}`, known(metrics.inertia)],
    [`Silhouette${ofWhat}`, known(metrics.silhouetteScore)],
    [`Silhouette, simplified${ofWhat}`, known(metrics.simplifiedSilhouetteScore)],
    [`Adjusted Rand index${ofWhat}`, known(metrics.adjustedRandIndex)],
  ];
  const shown = entries.filter(([, value]) => value !== null);
  return `<dl>\n${shown.map(([name, value]) => `<div><dt>${escaped(name)}</dt><dd>${escaped(value!)}</dd></div>`).join("\n")}\n</dl>`;
}

function known(value: number | null): string | null {
  return value === null ? null : measureText(value);
}

/** Rows of every client by cluster, under the last round's means. */
function countsTable(experiment: Experiment): string {
  const { clients, rounds } = experiment;
  const lastIndex = rounds.length - 1;
  const last = rounds[lastIndex];
  const stage = { experiment, labelsOf: labeller(experiment) };
  const clusters = Array.from({ length: last.k }, (_, cluster) => cluster);
  const cell = (count: number | null | undefined) => `<td>${count == null ? "–" : countText(count)}</td>`;
  const lines = clients.map((client, index) => {
    const counts = countsUnder(stage, index, lastIndex);
    const cells = clusters.map((cluster) => cell(counts?.[cluster])).join("");
    return `<tr><th scope="row">${escaped(clientTitle(client.name))}</th>${cells}${cell(client.nSamples)}</tr>`;
  });
  const sizes = clusters.map((cluster) => cell(last.sizes?.[cluster])).join("");
  const heads = clusters.map((cluster) => `<th scope="col">${cluster}</th>`).join("");
  const areAllKnown = clients.every(({ nSamples }) => nSamples !== null);
  const total = areAllKnown ? clients.reduce((sum, { nSamples }) => sum + nSamples!, 0) : null;
  const areGroups = clients.some(({ points }) => points !== null && points.weights !== null);
  const noun = areGroups ? "Rows of each client, counted with their groups," : "Rows of each client";
  return `<div class="scroll" tabindex="0" role="region" aria-labelledby="counts-name">
<table>
<caption id="counts-name">${noun} by cluster, under the means of round ${last.round}</caption>
<thead><tr><th scope="col">Client</th>${heads}<th scope="col">Rows</th></tr></thead>
<tbody>
${lines.join("\n")}
</tbody>
<tfoot><tr><th scope="row">Behind the means${experiment.noise === null ? "" : ", with noise"}</th>${sizes}${cell(total)}</tr></tfoot>
</table>
</div>`;
}
