import assert from "node:assert/strict";
import { test } from "node:test";
import { silhouettesOf } from "#src/read/silhouette.js";
import { diagnosticsOf } from "#src/scene/diagnostics/diagnostics.js";
import type { AreaMark } from "#src/scene/marks/marks.js";
import { SIZES } from "#src/scene/marks/sizes.js";
import { clusterStyle } from "#src/scene/marks/theme.js";
import { textWidth } from "#src/scene/text/text-width.js";
import { type SampleOptions, sampleExperiment } from "../../support/sample.js";
import { marksOf, texts } from "../../support/scene.js";

const PLAIN = { theme: "light", title: null } as const;

test("each cluster has its bars, its mean and its rows, and the page says what the coefficients are of", () => {
  const experiment = sampleExperiment();
  const { scene, description } = diagnosticsOf(experiment, PLAIN)!;
  const { clusters, mean } = silhouettesOf(experiment, 3)!;
  const areas = marksOf(scene).filter((mark): mark is AreaMark => mark.kind === "area");
  assert.deepEqual(
    areas.map(({ fill }) => fill),
    clusters.map((_, cluster) => clusterStyle(cluster).color),
  );
  const said = texts(scene);
  for (const { mean: own, nRows } of clusters) {
    assert.ok(said.includes(own!.toFixed(2)) && said.includes(String(nRows)));
  }
  assert.ok(said.includes(`mean ${mean.toFixed(2)}`));
  assert.match(description, /Exact silhouette coefficients of 180 rows of 3 clients/);
  assert.match(description, /The mean that the run recorded: 0\.5\./);
  assert.match(
    description,
    /With 2 features there are no principal components\. Rows by class are not recorded\.$/,
  );
});

test("of groups the page says that they count with their rows, and of one recorded mean of rows nothing", () => {
  const { description } = diagnosticsOf(sampleExperiment({ groups: "drawn" }), PLAIN)!;
  assert.match(description, /180 groups of 3 clients.*; each counts with its rows/);
  assert.ok(!description.includes("recorded: 0.5"));
});

test("rows by class and cluster are there where the directory has them of the last means", () => {
  const experiment = sampleExperiment();
  const contingency = {
    classes: ["10", "9", "x"],
    counts: [
      [5, 0, 0, 0],
      [1, 1234, 0, 0],
      [0, 0, 7, 8],
    ],
  };
  const labelled = { ...experiment, metrics: { ...experiment.metrics, contingency } };
  const { scene, description } = diagnosticsOf(labelled, PLAIN)!;
  const said = texts(scene);
  for (const text of ["Classes by cluster", "1,234", "1,235", "class 9", "x", "15"])
    assert.ok(said.includes(text), text);
  assert.ok(said.indexOf("class 9") < said.indexOf("class 10"));
  assert.match(description, /\(C\) Rows of each class in each cluster.*: adjusted Rand index 0\.9\./);
  for (const other of [
    { scoredRound: 2 },
    { metrics: { ...experiment.metrics, contingency: { classes: ["x"], counts: [[1]] } } },
  ]) {
    assert.ok(!texts(diagnosticsOf({ ...labelled, ...other }, PLAIN)!.scene).includes("Classes by cluster"));
  }
});

test("what the directory lacks is said; with nothing there is no page", () => {
  const bare = sampleExperiment({ withRows: false });
  assert.equal(diagnosticsOf(bare, PLAIN), null);
  const { scene, description } = diagnosticsOf({ ...bare, nFeatures: 3, explained: [0.5, 0.3] }, PLAIN)!;
  assert.match(
    description,
    /the 2 recorded of 3 come to 80\.0 %.*Neither rows nor groups of rows are recorded/,
  );
  assert.ok(texts(scene).includes("cumulative"));
});

test("no text leaves the page or is smaller than the least, of few and of many clients and clusters", () => {
  const cases: SampleOptions[] = [
    { nClients: 1, k: 2 },
    {},
    { k: 60 },
    { nClients: 40 },
    { nClients: 200, k: 30 },
  ];
  for (const options of cases) {
    const experiment = { ...sampleExperiment(options), explained: [0.5, 0.25, 0.25], nFeatures: 2 };
    const { scene } = diagnosticsOf(experiment, { ...PLAIN, title: "A title" })!;
    assert.ok(texts(scene).includes("A title"));
    for (const mark of marksOf(scene)) {
      if (mark.kind !== "text") continue;
      assert.ok(mark.size >= SIZES.tick);
      const width = Math.min(mark.maxWidth ?? Infinity, textWidth(mark.text, mark.size, mark.weight));
      const left = mark.x - (mark.align === "right" ? width : mark.align === "center" ? width / 2 : 0);
      assert.ok(left >= 0 && left + width <= scene.width, `"${mark.text}" of ${JSON.stringify(options)}`);
      assert.ok(mark.y > 0 && mark.y < scene.height);
    }
  }
});

test("what cannot be drawn of a run ends the description, in its own sentence", () => {
  const note = "Round 4 is damaged: drawn up to round 3.";
  const { description } = diagnosticsOf({ ...sampleExperiment(), note }, PLAIN)!;
  assert.match(description, /[^.]\. Round 4 is damaged: drawn up to round 3\.$/);
});

test("clusters that were looked for in resamples have a panel of their own, and its letter in the caption", () => {
  const experiment = sampleExperiment();
  const k = experiment.rounds.at(-1)!.k;
  const clusters = Array.from({ length: k }, (_, c) => ({
    meanJaccard: c === 0 ? 0.4 : 0.9,
    recovered: c === 0 ? 2 : 18,
    dissolved: c === 0 ? 17 : 0,
  }));
  const options = { theme: "light", title: null } as const;
  const { scene, description } = diagnosticsOf(
    { ...experiment, stability: { resamples: 20, of: "groups", clusters } },
    options,
  )!;
  const words = scene.layers
    .flatMap(({ marks }) => marks)
    .flatMap((mark) => (mark.kind === "text" ? [mark.text] : []));
  const at = words.indexOf("Clusters found again in resamples");
  assert.ok(at > 0);
  assert.ok(
    description.includes(
      `(${words[at - 1]}) Jaccard similarity of each cluster with the most similar one of 20 resamples of the groups`,
    ),
  );
  for (const said of ["0.40", "0.90", "17", "18"]) assert.ok(words.includes(said), said);
  const without = diagnosticsOf(experiment, options)!;
  assert.doesNotMatch(without.description, /Jaccard/);
});
