import { noiseInRows } from "../../federation/private-notices.js";
import { plural } from "../../printable.js";
import { LEAST_SIGNAL } from "../../workflow/clustering/dp-plan.js";
import { type Prose, say } from "./document.js";
import type { RunFacts } from "./facts.js";
import type { PrivateFacts } from "./private-facts.js";
import { count, listed, percent, rounded } from "./words.js";

/** What whoever reads the results has to mind, a line each. */
export function warningsOf(facts: RunFacts): Prose[] {
  const { summary, last, counts, torn, featureNames, privately } = facts;
  const { results, dropped_clients, constant_features } = summary;
  const found: Prose[] = [];
  if (torn !== null) found.push(say`A round is damaged: ${torn}`);
  if (results?.converged === false && summary.status === "completed") {
    const what = privately === null ? "It has not converged" : "Not all planned rounds were made";
    found.push(say`${what}: ${results.ended ?? "it ended for another reason"}.`);
  }
  if (privately !== null) found.push(...noiseWarnings(privately, facts));
  if (results?.fewer_clusters != null) found.push([results.fewer_clusters]);
  if (dropped_clients.length > 0) {
    const names = [...new Set(dropped_clients.map(({ client }) => client))];
    found.push(
      say`${listed(names)} missed ${plural(dropped_clients.length, "step")}: ${dropped_clients[0].step} first.`,
    );
  }
  const idle = counts.filter(({ nRounds }) => nRounds === 0).map(({ name }) => name);
  if (idle.length > 0) found.push(say`${listed(idle)} took part in no round.`);
  if (last.carriedOver.length > 0) {
    found.push(
      last.carriedOver.length === 1
        ? say`Nobody reported cluster ${last.carriedOver[0]} in the last round: it keeps its mean of the round before.`
        : say`Nobody reported clusters ${listed(last.carriedOver.map(String))} in the last round: they keep their means of the round before.`,
    );
  }
  if (constant_features !== null && constant_features.length > 0) {
    const names = constant_features.map((feature) => featureNames[feature]);
    found.push(
      say`${listed(names)} ${names.length === 1 ? "is" : "are"} the same in all rows, and decide nothing.`,
    );
  }
  const withheld = counts.reduce((sum, client) => sum + client.withheld, 0);
  if (withheld > 0)
    found.push(say`Clients withheld ${plural(withheld, "mean")} of fewer rows than their threshold.`);
  const lone = loneClusters(facts);
  if (lone.length > 0) {
    found.push(
      lone.length === 1
        ? say`Cluster ${lone[0].cluster} has rows of one client alone: what sets it apart may be that client.`
        : say`Clusters ${listed(lone.map(({ cluster }) => String(cluster)))} have rows of one client each: what sets them apart may be the clients.`,
    );
  }
  const small = counts.filter(
    ({ name }) => (summary.clients.find((one) => one.name === name)?.n_points ?? 1) === 0,
  );
  if (small.length > 0) {
    found.push(
      say`${listed(small.map(({ name }) => name))} had too few rows and took part with none: ${percent(small.length, counts.length)} of ${count(counts.length)} clients.`,
    );
  }
  return found;
}

function noiseWarnings({ figures, plan }: PrivateFacts, { isSimulation }: RunFacts): Prose[] {
  const { rows, clusters } = figures;
  const simulated = say`All rows were on one machine, and noise protected none of them: a simulation shows what noise does.`;
  const weak = say`Epsilon was small for so few rows: on clusters of about ${rounded(rows / clusters)} rows came noise of ${rounded(noiseInRows(figures))} or more, so that what was found may owe more to noise, and to the start, which no rows decide, than to rows.`;
  return [...(plan.signal < LEAST_SIGNAL ? [weak] : []), ...(isSimulation ? [simulated] : [])];
}

/** Clusters all of whose rows are one client's, where there are several clients. */
function loneClusters({ counts, last }: RunFacts): { cluster: number }[] {
  if (counts.length < 2 || counts.some(({ sizes }) => sizes === null)) return [];
  return Array.from({ length: last.means.nRows }, (_, cluster) => ({
    cluster,
    holders: counts.filter(({ sizes }) => sizes![cluster] > 0).length,
  })).filter(({ holders }) => holders === 1);
}
