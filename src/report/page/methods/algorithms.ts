import { basename } from "node:path";
import { plural } from "../../../printable.js";
import type { Plan } from "../../../workflow/clustering/dp-plan.js";
import { type Cited, cite, joined, told } from "./cited.js";
import type { MethodSettings } from "./settings.js";

/**
 * How the clusters were found, a sentence or some; null of another program's algorithm.
 *
 * @param plan of a run under differential privacy; else null
 */
export function algorithmSentences(settings: MethodSettings, plan: Plan | null): Cited | null {
  switch (settings.algorithm) {
    case "fkm":
      return joined([fkmRounds(settings), startSentence(settings)]);
    case "lloyd":
      return joined([lloydRounds(), startSentence(settings)]);
    case "best-lloyd":
      return joined([bestStart(settings), lloydRounds()]);
    case "k-fed":
      return kFed(settings);
    case "dp-lloyd":
      return dpLloyd(settings, plan);
    default:
      return null;
  }
}

function fkmRounds({
  weighted,
  dropEmpty,
  localIterations,
  restarts,
  asPublished,
  k,
}: MethodSettings): Cited {
  const name =
    asPublished === true
      ? cite`federated k-means (FKM; ${"garst2023"}, Algorithm 1, as its authors' program runs it)`
      : cite`federated k-means (FKM; ${"garst2023"}, Algorithm 1)`;
  const weights =
    weighted === null ? "" : weighted ? ", weighted by their numbers of rows" : ", each with the same weight";
  const starts = restarts === null ? "" : `, the best of ${plural(restarts, "start")}`;
  const clusters = k === null ? "" : ` into ${plural(k, "cluster")}`;
  const iterations =
    localIterations === null
      ? told("iterated k-means")
      : cite`made ${told(plural(localIterations, "iteration"))} of k-means (${"lloyd1982"})`;
  const empty =
    dropEmpty === null
      ? ""
      : dropEmpty
        ? ", less those that got none of its rows"
        : ", those that got none of its rows among them";
  const published =
    asPublished === true
      ? " Rows were counted again after the iterations, and the server's draws were not weighted."
      : "";
  return cite`Clusters were found by ${name}: in each round the server clustered the means of all clients' local clusters by k-means${told(`${clusters}${weights}${starts}`)}, and each client ${iterations} on its own data from the resulting global means${told(empty)}, and returned the means and sizes of its local clusters.${told(published)}`;
}

function lloydRounds(): Cited {
  return cite`Rounds were exact federated iterations of k-means (${"lloyd1982"}): each client sent the sum and the number of its rows in each global cluster, and the server divided the sums of all clients by their numbers.`;
}

/** Of algorithms that start as they are told. */
function startSentence({ start, k, kLocal, restarts, asPublished }: MethodSettings): Cited | null {
  if (start === null) return null;
  if (start === "random") {
    return told(
      `The server drew ${k === null ? "the starting means" : `${k} starting means`} at random from a normal distribution with the spread of the data in each direction.`,
    );
  }
  if (start.endsWith(".npy")) return told(`The starting means were given (${basename(start)}).`);
  if (asPublished === true) {
    return cite`Each client started from single rows drawn by k-means++ (${"arthur2007"}), which the server clustered.`;
  }
  const wanted = kLocal ?? k;
  const clusters = wanted === null ? "local clusters" : plural(wanted, "local cluster");
  const starts = restarts === null ? "" : `, the best of ${plural(restarts, "start")}`;
  return cite`For the start each client found ${told(clusters)} of its own data from k-means++ (${"arthur2007"})${told(starts)}, and the server clustered their means.`;
}

function bestStart({ restarts, k }: MethodSettings): Cited {
  const starts = restarts === null ? "several starts" : plural(restarts, "start");
  const summary = k === null ? "" : `, of up to ${4 * k} local means,`;
  return cite`Clients summarized their data once by k-means${told(summary)} and the server made ${told(starts)} by k-means of the summaries, from k-means++ (${"arthur2007"}); all took exact steps side by side, and the half with more inertia over all data was given up every few steps until one was left (successive halving; ${"jamieson2016"}).`;
}

function kFed({ kLocal, k }: MethodSettings): Cited {
  const wanted = kLocal ?? k;
  const local = wanted === null ? "" : ` into at most ${plural(wanted, "local cluster")}`;
  return cite`Clusters were found by k-FED (${"dennis2021"}): each client clustered its own data once${told(local)}, and the server grouped the local means${told(k === null ? "" : ` into ${plural(k, "cluster")}`)} in a single exchange.`;
}

/** By the plan that public figures made, where these are known. */
function dpLloyd({ k }: MethodSettings, plan: Plan | null): Cited {
  const clusters = k === null ? "the clusters" : plural(k, "cluster");
  const start =
    plan === null
      ? "from centres that depend on no data"
      : `${plural(plan.startQuestions, "question")} about ${plan.startCentres} centres, the first of which depend on no data`;
  return cite`Clusters were found by Lloyd's algorithm (${"lloyd1982"}) on noisy sums (dp-lloyd of fedkmeans): ${told(start)}, whose noisy means the server merged into ${told(clusters)} by k-means; then rounds in which each mean moved toward its cluster's noisy mean by signal over signal and noise, as in a Kalman filter. Numbers of questions and shares of the budget follow from public figures, radii from these and from earlier answers.`;
}
