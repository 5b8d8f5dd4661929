import assert from "node:assert/strict";
import { test } from "node:test";
import type { Experiment } from "#src/read/experiment.js";
import type { Profile } from "#src/read/profile.js";
import { chosenRounds } from "#src/scene/poster/chosen-rounds.js";
import { heatTable } from "#src/scene/poster/heat-table.js";
import { captionOf, headlineOf, verdictOf } from "#src/scene/poster/words.js";
import { stageOf } from "#src/scene/stage/stage.js";
import { sampleExperiment } from "../../support/sample.js";
import { OPTIONS } from "../../support/scene.js";

const PROFILE: Profile = {
  features: ["width", "height"],
  means: new Float64Array(8),
  k: 4,
  overall: new Float64Array(2),
  order: [0, 1],
  isRanked: true,
  isOriginal: true,
};

function captionOfRun(experiment: Experiment, profile: Profile | null = PROFILE): string {
  const heat = heatTable(stageOf(experiment, OPTIONS));
  return captionOf(experiment, { shownRounds: chosenRounds(experiment), heat, profile });
}

test("the headline counts clients, clusters and rounds", () => {
  const experiment = sampleExperiment();
  assert.equal(headlineOf(experiment), "3 clients, 4 clusters, 3 rounds");
  assert.equal(headlineOf({ ...experiment, clients: [] }), "4 clusters, 3 rounds");
  assert.equal(headlineOf({ ...experiment, isOneShot: true }), "3 clients, 4 clusters, one exchange");
  assert.equal(headlineOf({ ...experiment, lastRound: 10 }), "3 clients, 4 clusters, 3 of 10 rounds");
  const running = { ...experiment, lastRound: null, status: "running" as const };
  assert.equal(headlineOf(running), "3 clients, 4 clusters, 3 rounds so far");
});

test("the verdict says how inertia changed, and scores of the last round only", () => {
  const experiment = sampleExperiment();
  const scored = { ...experiment, scoredRound: 3 };
  // 100 in round 0, 25 in round 3.
  assert.match(
    verdictOf(scored),
    /Inertia fell by 75 % to 25\. Adjusted Rand index 0\.9, silhouette 0\.5\.$/,
  );
  assert.doesNotMatch(verdictOf({ ...experiment, scoredRound: 9 }), /Rand|silhouette/);
  const rounds = experiment.rounds.map((round) => ({ ...round, inertia: 40 }));
  assert.match(verdictOf({ ...scored, rounds }), /Inertia 40, as at the start\./);
  const unknown = experiment.rounds.map((round) => ({ ...round, inertia: null }));
  assert.doesNotMatch(verdictOf({ ...scored, rounds: unknown }), /nertia/);
});

test("the caption of a drawing that ends before the run does calls no mean final", () => {
  const cut = { ...sampleExperiment(), lastRound: 10, scoredRound: 10 };
  const caption = captionOfRun(cut);
  assert.match(caption, /nearest mean of round 3\. \(B\).*nearest to each mean of round 3/);
  assert.doesNotMatch(caption, /final/);
  assert.match(verdictOf(cut), /^The run went on after round 3\. Inertia fell by 75 % to 25\.$/);
});

test("the caption says of rows of one coordinate that they are stacked, and of none nothing", () => {
  const flat = { ...sampleExperiment(), axes: ["width", ""] as const };
  assert.match(captionOfRun(flat), /nearest final mean, stacked/);
  const bare = flat.clients.map((client) => ({ ...client, points: null }));
  assert.doesNotMatch(captionOfRun({ ...flat, clients: bare }), /stacked/);
});

test("the caption says what is drawn, of which rows, and in which colours", () => {
  const caption = captionOfRun(sampleExperiment());
  assert.match(
    caption,
    /^Federated k-means \(fkm\) of 183 rows of 3 clients into 4 clusters by 2 features\. /,
  );
  assert.match(
    caption,
    /\(A\) Paths of the global means from round 0 \(hollow\) to round 3 \(filled\), over the rows/,
  );
  assert.match(
    caption,
    /\(B\) Global means of rounds 0 to 3; colours: the nearest mean in that round; small: the local means/,
  );
  // The sample says one, two and three rows more than it has.
  assert.match(caption, /\(C\) Rows of each client nearest to each final mean \(180 of 183 are known\)/);
  assert.match(caption, /dashed: withheld from the server in the last round/);
  assert.match(
    caption,
    /\(D\) Inertia and movement of the global means \(logarithmic; dashed: the tolerance\) by round\./,
  );
  assert.match(
    caption,
    /\(E\) Mean of each cluster on the original scale.*; upright line: the mean of all rows\.$/,
  );
});

test("what the directory does not say, the caption does not say either", () => {
  const experiment = sampleExperiment({ withRows: false });
  const bare: Experiment = {
    ...experiment,
    algorithm: null,
    tolerance: null,
    clients: experiment.clients.map((client) => ({ ...client, nSamples: null })),
    rounds: experiment.rounds.map((round) => ({ ...round, locals: [], inertia: null, change: null })),
  };
  const caption = captionOfRun(bare, { ...PROFILE, overall: null, isRanked: false, isOriginal: false });
  assert.match(caption, /^Federated k-means of 3 clients into 4 clusters by 2 features\. \(A\)/);
  assert.doesNotMatch(
    caption,
    /\d rows|nearest|local means|\(C\)|\(D\)|tolerance|upright|original|apart most/,
  );
  assert.match(caption, /\(E\) Mean of each cluster on the scale clustered in\.$/);
  assert.doesNotMatch(captionOfRun(bare, null), /\(E\)/);
});

test("the caption says of many features which are drawn", () => {
  const features = Array.from({ length: 40 }, (_, f) => `f${f}`);
  const many = { ...PROFILE, features, order: [...features.keys()], overall: null };
  assert.match(
    captionOfRun(sampleExperiment(), many),
    /of 12 of 40 features, those that tell clusters apart most on/,
  );
  assert.match(
    captionOfRun(sampleExperiment(), { ...many, isRanked: false }),
    /of 12 of 40 features on the original/,
  );
});

test("a run that is not drawn to its end says so in the caption", () => {
  const note = "The run was aborted after round 3.";
  assert.ok(captionOfRun({ ...sampleExperiment(), note }).endsWith(note));
});

test("a caption tells rows from the groups of clients whose rows are not drawn", () => {
  const experiment = sampleExperiment();
  const captionFor = (isGrouped: (client: number) => boolean) =>
    captionOfRun({
      ...experiment,
      groups: { count: 40, least: 4, most: 6 },
      clients: experiment.clients.map((client, i) => {
        const { points } = client;
        if (points === null) return client;
        const weights = isGrouped(i) ? new Float64Array(points.nPoints).fill(5) : null;
        return { ...client, points: { ...points, weights } };
      }),
    });
  const first = experiment.clients.findIndex(({ points }) => points !== null);
  const some = captionFor((client) => client === first);
  assert.match(some, /over the rows, or groups where rows are not drawn \(area: their rows\)/);
  assert.match(some, /nearest to each [^,;]+, or whose group is, where rows are not drawn/);
  assert.match(
    captionFor(() => true),
    /over the groups \(area: their rows\).*whose group is nearest/,
  );
  assert.doesNotMatch(
    captionFor(() => false),
    /whose group|or groups/,
  );
});

test("where no mean has moved, the caption speaks of no path and no arrow", () => {
  const sample = sampleExperiment();
  const [start] = sample.rounds;
  const rounds = sample.rounds.map((round) => ({ ...round, positions: start.positions, means: start.means }));
  const still = captionOfRun({ ...sample, rounds });
  assert.match(still, /\(A\) Global means of rounds 0 to 3, in which none has moved, over/);
  assert.doesNotMatch(still, /arrows|hollow/);
  assert.match(captionOfRun(sample), /\(A\) Paths .*arrows/);
});

test("of noise the poster says how much there is, what halos are, and whose the scores are", () => {
  const experiment = sampleExperiment({ noise: 0.8 });
  const caption = captionOfRun(experiment);
  assert.match(caption, /^Federated Lloyd's k-means on noisy sums \(dp-lloyd\) of 183 rows/);
  assert.match(caption, /, with noise for differential privacy, epsilon 0.5, delta 1.0e-6\./);
  assert.match(
    caption,
    /Halos, where larger than the symbols: ± 1 standard error of the noise, as the server estimates it\./,
  );
  assert.match(caption, /\(E\) Noisy mean of each cluster/);
  assert.doesNotMatch(caption, /tolerance|local means|inertia/i);
  assert.equal(
    verdictOf(experiment),
    "All planned rounds were made: the global means are noisy, and moved by 0.001. " +
      "Adjusted Rand index 0.9, silhouette 0.5, inertia 25 (of rows, without noise).",
  );
  assert.doesNotMatch(captionOfRun(sampleExperiment()), /nois|Halos/);
});
