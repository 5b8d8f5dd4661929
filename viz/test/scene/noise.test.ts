import assert from "node:assert/strict";
import { test } from "node:test";
import { factsOf } from "#src/page/facts.js";
import { packRun, unpackRun } from "#src/page/packed-run.js";
import { resultTables } from "#src/page/result-tables.js";
import type { Experiment } from "#src/read/experiment.js";
import { labeller } from "#src/read/labels.js";
import { altTextOf } from "#src/scene/captions/alt-text.js";
import { frameText } from "#src/scene/captions/frame-text.js";
import { subtitlesOf } from "#src/scene/captions/subtitles.js";
import { VIEWS } from "#src/scene/frames/frame.js";
import { planFrames } from "#src/scene/frames/plan.js";
import { stepsOf } from "#src/scene/frames/steps.js";
import type { AreaMark, Scene } from "#src/scene/marks/marks.js";
import { stageOf } from "#src/scene/stage/stage.js";
import { moving, sampleExperiment, still } from "../support/sample.js";
import { legendOf, marksOf, OPTIONS, sceneOf, texts } from "../support/scene.js";

/* Runs in which clients add noise to sums, and nobody knows a client's own means. */

const LEGEND = "± 1 standard error of the noise";
/** What is true of other runs. */
const UNTRUE = /local mean|settled|tolerance|recorded|withheld|cannot be read|Inertia by/;

const halosOf = (scene: Scene) =>
  marksOf(scene).filter((mark): mark is AreaMark => mark.kind === "area" && mark.isNoise === true);

function widthOf({ points }: AreaMark): number {
  const xs = points.filter((_, i) => i % 2 === 0);
  return Math.max(...xs) - Math.min(...xs);
}

test("each noisy mean has a halo of one standard error in every panel, which the legend tells of", () => {
  const experiment = sampleExperiment({ noise: 0.8 });
  const { panels, serverScale } = stageOf(experiment, OPTIONS);
  for (const view of VIEWS) {
    const scene = sceneOf(experiment, still(2, view));
    const halos = halosOf(scene);
    const { scale } = view === "aggregation" ? { scale: serverScale } : panels[0];
    assert.equal(halos.length, view === "aggregation" ? 4 : 3 * 4, view);
    const expected = 2 * (scale.x(0.8) - scale.x(0));
    for (const halo of halos) assert.ok(Math.abs(widthOf(halo) - expected) < 0.01 * expected, view);
    assert.ok(texts(scene).includes(LEGEND), view);
    assert.equal(legendOf(scene).filter((mark) => mark.kind === "area").length, 1);
  }
});

test("a start has no halo, nor have means whose noise they hide, and then the legend tells of none", () => {
  for (const [noise, round] of [
    [0.8, 0],
    [1e-3, 2],
  ] as const) {
    for (const view of VIEWS) {
      const scene = sceneOf(sampleExperiment({ noise }), still(round, view));
      assert.deepEqual(halosOf(scene), []);
      assert.ok(!texts(scene).includes(LEGEND));
    }
  }
  // The local view shows means as they were sent: of round 0, those of the start.
  assert.deepEqual(halosOf(sceneOf(sampleExperiment({ noise: 0.8 }), still(1, "local"))), []);
  assert.deepEqual(halosOf(sceneOf(sampleExperiment(), still(2, "global"))), []);
});

test("axes hold the noise of means, but noise without measure does not widen them without end", () => {
  const wide = (noise: number) => {
    const { domain, serverScale } = stageOf(sampleExperiment({ noise, withRows: false }), OPTIONS);
    return [domain.x[1] - domain.x[0], 1 / (serverScale.x(1) - serverScale.x(0))];
  };
  const [quiet, some, much, more] = [1e-6, 2, 1e6, 1e9].map(wide);
  for (const i of [0, 1]) {
    assert.ok(some[i] > quiet[i] && much[i] > some[i]);
    assert.ok(much[i] < 3.5 * quiet[i]);
    assert.equal(more[i], much[i]);
  }
});

test("pictures say that sizes and means are noisy, and nothing of local means", () => {
  const experiment = sampleExperiment({ noise: 0.8 });
  for (const view of VIEWS) {
    for (const round of experiment.rounds.keys()) {
      const said = texts(sceneOf(experiment, still(round, view)));
      assert.ok(!said.some((text) => UNTRUE.test(text)), said.join("\n"));
      assert.ok(said.some((text) => text.endsWith("differential privacy, epsilon 0.5, delta 1.0e-6")));
      // Sizes of round 0 are not known: the local view of round 1 has none yet.
      assert.equal(said.includes("rows, noisy"), round > 1 || (round === 1 && view !== "local"));
    }
  }
  const server = texts(sceneOf(experiment, still(2, "aggregation")));
  assert.ok(server.some((text) => text.startsWith("sees noisy sums and counts")));
  assert.ok(server.includes("noisy sums"));
  assert.ok(server.join(" ").includes("no client's own are drawn"));
  // What a client holds it does not tell.
  assert.ok(!server.some((text) => /^6\d rows$/.test(text)));
  const end = texts(sceneOf(experiment, still(3, "global")));
  assert.equal(end[end.indexOf("Scores") + 1], "of rows, without noise");
  assert.equal(end[end.indexOf("Inertia") + 1], "25");
});

test("without recorded rows nothing looks broken: means as sent, with their halos", () => {
  const experiment = sampleExperiment({ noise: 0.8, withRows: false });
  const scene = sceneOf(experiment, still(2, "local"));
  assert.equal(halosOf(scene).length, 3 * 4);
  assert.ok(texts(scene).includes("mean as sent"));
});

test("in motion halos go with their means and grow from nothing, in the clients' panels and the server's", () => {
  const experiment = sampleExperiment({ noise: 1 });
  assert.deepEqual(
    stepsOf(experiment, 1).map(({ step }) => step),
    ["assign", "aggregate", "broadcast"],
  );
  const widths = [0, 0.5, 1].map((progress) => {
    const halos = halosOf(sceneOf(experiment, moving(1, "aggregate", progress)));
    return Math.max(0, ...halos.map(widthOf));
  });
  assert.equal(widths[0], 0);
  assert.ok(widths[1] > 0 && widths[2] > 1.5 * widths[1]);
  const scene = sceneOf(experiment, moving(2, "assign", 1));
  assert.equal(halosOf(scene).length, 4 + 3 * 4);
  assert.ok(texts(scene).includes(LEGEND));
  assert.ok(texts(scene).some((text) => text.startsWith("Rows by cluster, noisy")));
});

test("texts beside a video, of a frame and of a page are true of noise", () => {
  const experiment = sampleExperiment({ noise: 0.8 });
  const all = { ...experiment, rounds: experiment.rounds };
  for (const smooth of [false, true]) {
    const frames = planFrames(all, { rounds: null, smooth, fps: 2 });
    const shown = frames.map((frame) => ({ frame, count: 1 }));
    for (const text of [altTextOf(all, frames), subtitlesOf(all, shown, 2)]) {
      assert.doesNotMatch(text, UNTRUE);
      assert.match(text, /noisy/);
    }
    assert.match(altTextOf(all, frames), /Rows by cluster after round 3, with noise, from cluster 0: 10, 20/);
    assert.match(altTextOf(all, frames), /Of rows, without noise: Adjusted Rand index: 0.9/);
  }
  const { description } = frameText(all, { kind: "still", roundIndex: 2, view: "aggregation", name: "" });
  assert.match(description, /Rows of clusters 0 to 3, with noise: 10, 20, 30, 40\./);
  const tables = resultTables(experiment);
  assert.match(tables, /Behind the means, with noise/);
  assert.match(tables, /<dt>Privacy<\/dt><dd>differential privacy, epsilon 0.5, delta 1.0e-6/);
  assert.doesNotMatch(tables, /Converged|Tolerance/);
  const known = { experiment, labelsOf: labeller(experiment), moves: experiment.rounds.map(() => null) };
  const facts = factsOf(known, { client: null, cluster: 1 }, { roundIndex: 2, view: "global" } as never)!;
  assert.equal(facts.lines[0], "about 20 rows behind its mean (noisy)");
});

test("a page has the noise of its run", () => {
  const experiment = sampleExperiment({ noise: 0.8 });
  const packed = packRun(experiment, { rounds: null, clients: null, scale: "clustered" }, []);
  const unpacked: Experiment = unpackRun(packed).experiment;
  assert.deepEqual(unpacked.noise, experiment.noise);
  assert.deepEqual(unpacked.rounds[1].standardErrors, [0.8, 0.8, 0.8, 0.8]);
  const areas = (run: Experiment) => halosOf(sceneOf(run, still(1, "aggregation")));
  assert.deepEqual(areas(unpacked), areas(experiment));
});
