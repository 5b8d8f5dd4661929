import { epsilonText } from "../../../federation/client/budget/epsilon-text.js";
import { plural } from "../../../printable.js";
import { describeDelta } from "../../../workflow/protection.js";
import type { RunFacts } from "../facts.js";
import type { PrivateFacts } from "../private-facts.js";
import { heldBy } from "../promises.js";
import { count } from "../words.js";
import { algorithmSentences } from "./algorithms.js";
import { type Cited, cite, joined, told } from "./cited.js";
import { metricsSentence, stabilitySentence, twinSentence } from "./evaluation.js";
import { type MethodSettings, methodSettings } from "./settings.js";

/** What was done, in the words of a paper, from what the run recorded and nothing else. */
export function methodsParagraph(facts: RunFacts): Cited {
  const settings = methodSettings(facts);
  return joined([
    dataSentence(facts, settings),
    ...(facts.privately === null ? protectionSentences(facts) : [privacySentences(facts.privately)]),
    facts.privately === null ? normalizationSentence(settings) : null,
    componentsSentence(facts, settings),
    algorithmSentences(settings, facts.privately?.plan ?? null),
    endSentence(facts, settings),
    seedSentence(facts, settings),
    droppedSentence(facts),
    metricsSentence(facts, settings),
    twinSentence(facts),
    stabilitySentence(facts),
  ]);
}

function dataSentence(facts: RunFacts, { k, missing }: MethodSettings): Cited {
  const { summary, featureNames, isSimulation, privately } = facts;
  const clients = plural(summary.clients.length, "client");
  const features = plural(featureNames.length, "feature");
  const rows =
    summary.n_samples !== null
      ? `${count(summary.n_samples)} rows of ${features} in all`
      : privately === null
        ? features
        : `${features}; ${count(privately.declaredRows)} rows in all, as declared`;
  const version = summary.provenance.environment?.fedkmeans;
  const program = !summary.isOurs ? "" : ` with fedkmeans${version === undefined ? "" : ` ${version}`}`;
  const clusters = k === null ? "" : ` into k = ${k} ${k === 1 ? "cluster" : "clusters"}`;
  const where = !summary.isOurs
    ? ""
    : isSimulation
      ? ", in a simulation of the federation on one machine"
      : ", each on its own machine";
  const left = missing === "drop" ? " Rows with a missing value were left out." : "";
  return told(
    `The rows of ${clients} (${rows}) were clustered${clusters}${program}${summary.isOurs ? " without pooling them" : " by federated k-means"}${where}.${left}`,
  );
}

function protectionSentences({ summary }: RunFacts): Cited[] {
  return heldBy({ summary }).flatMap((held, _, all) => {
    if (held === null) return [];
    if (held.mode === "dp") return [told("Clients answered under differential privacy.")];
    const { mode, groupSize, threshold, names } = held;
    const who =
      all.length === 1 ? "Each client" : `${names.length === 1 ? "One client" : `${names.length} clients`}`;
    if (mode !== "groups") {
      if (threshold <= 1) return [told(`${who} computed from rows and withheld nothing.`)];
      return [told(`${who} withheld means and sums of fewer than ${threshold} rows.`)];
    }
    if (groupSize === 1) return [told(`${who} computed from its rows as they are.`)];
    const scales = new Set(summary.clients.map(({ privacy }) => privacy?.group_scale ?? null));
    const [scale] = scales;
    const compared =
      scales.size > 1 || scale === null
        ? ""
        : scale === "range"
          ? ", compared with each feature divided by its range at the client"
          : ", compared with each feature divided by its standard deviation at the client";
    return [
      cite`${told(who)} replaced its rows by the means of groups of at least ${told(String(groupSize))} similar rows${told(compared)} (microaggregation; ${"domingo2002"}), weighted by their numbers of rows; what it sent was computed from these.`,
    ];
  });
}

function privacySentences({ muSpent, delta, declaredRows, questions }: PrivateFacts): Cited {
  const terms = `(ε = ${epsilonText(muSpent ** 2, delta)}, δ = ${describeDelta(delta)})`;
  return cite`Each client's answers are ${told(terms)}-differentially private (${"dwork2014"}) for the addition or removal of one row. Features were scaled to [-1, 1] by public bounds, and rows clipped to them; the number of rows was declared (${told(count(declaredRows))}), not counted. Each client answered ${told(plural(questions.length, "question"))} by counts, clipped sums and one sum of squared distances, in integers, and added discrete Gaussian noise (${"canonne2020"}) from the operating system's generator to each. Answers were composed as Gaussian differential privacy (${"dong2022"}), with μ = ${told(String(Number(muSpent.toPrecision(4))))}, and converted to ε and δ by the formula of the Gaussian mechanism (${"balle2018"}).`;
}

function normalizationSentence({ normalize }: MethodSettings): Cited | null {
  if (normalize === null) return null;
  return told(
    normalize
      ? "Features were standardized with the mean and standard deviation of the federation, from sums that the clients sent."
      : "Features were not standardized.",
  );
}

function componentsSentence({ pca }: RunFacts, { pcaComponents }: MethodSettings): Cited | null {
  if (pcaComponents === null) return null;
  const share = pca === null ? null : pca.ratio.reduce((sum, part) => sum + part, 0);
  const explained = share === null ? "" : ` (${(100 * share).toFixed(1)} % of the variance)`;
  const first =
    pcaComponents === 1 ? "first principal component" : `first ${pcaComponents} principal components`;
  return told(
    `Clusters were sought in the ${first} of the federation${explained}, from scatter matrices that the clients sent.`,
  );
}

function endSentence({ summary, rounds, privately }: RunFacts, settings: MethodSettings): Cited | null {
  const { results, status } = summary;
  const { tolerance, maxIterations, algorithm, k } = settings;
  if (status !== "completed" || results === null) {
    if (!summary.isOurs) return null;
    return told(`The run was not completed; results are of round ${rounds.at(-1)!.round}.`);
  }
  const after = results.rounds === null ? "" : ` after ${plural(results.rounds, "round")}`;
  const fewer =
    results.n_clusters !== null && k !== null && results.n_clusters < k
      ? ` Of the ${k} clusters ${results.n_clusters} have rows.`
      : "";
  if (algorithm === "k-fed") return fewer === "" ? null : told(fewer.trim());
  if (privately !== null) {
    const made = plural(results.rounds ?? 0, "round");
    const planned = privately.plan.rounds;
    const of =
      results.rounds === planned
        ? `All ${planned} planned rounds were made`
        : `${made} of ${planned} planned were made`;
    return told(`${of} after the start.${fewer}`);
  }
  const by = tolerance === null ? "" : ` (Frobenius norm of the change of the means at most ${tolerance})`;
  if (results.converged) return told(`The run converged${after}${by}.${fewer}`);
  if (results.cycle_length !== null) {
    return told(
      `The means came again in a cycle of ${plural(results.cycle_length, "round")}${after}; those of least inertia in it were taken.${fewer}`,
    );
  }
  if (results.converged === null) return null;
  const isLimit = maxIterations !== null && results.rounds === maxIterations;
  return told(`The run ended${isLimit ? " at its limit" : ""}${after} without having converged.${fewer}`);
}

function seedSentence({ privately }: RunFacts, { seed }: MethodSettings): Cited | null {
  if (seed === null) return null;
  return told(
    privately === null
      ? `All random draws follow from the seed ${seed}.`
      : `The server's random draws follow from the seed ${seed}; the noise does from none.`,
  );
}

function droppedSentence({ summary }: RunFacts): Cited | null {
  const dropped = summary.dropped_clients;
  if (dropped.length === 0) return null;
  const clients = new Set(dropped.map(({ client }) => client)).size;
  return told(
    `${plural(clients, "client")} missed ${plural(dropped.length, "step")} of the run, which went on without ${clients === 1 ? "it" : "them"}.`,
  );
}
