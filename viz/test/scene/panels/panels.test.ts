import assert from "node:assert/strict";
import { test } from "node:test";
import { VIEWS } from "#src/scene/frames/frame.js";
import type { TextMark } from "#src/scene/marks/marks.js";
import { createComposer } from "#src/scene/scene.js";
import { stageOf } from "#src/scene/stage/stage.js";
import { sampleExperiment, still } from "../../support/sample.js";
import { inside, marksOf, OPTIONS, sceneOf, symbols, texts } from "../../support/scene.js";

test("more than 12 clients: the 11 largest have a panel, the others share one", () => {
  const experiment = sampleExperiment({ nClients: 40, rowsPerClient: 20 });
  const { panels } = stageOf(experiment, OPTIONS);
  assert.equal(panels.length, 12);
  // Clients have 20, 21, ... rows: the largest are the last.
  assert.deepEqual(
    panels.slice(0, 11).map(({ clients }) => clients),
    Array.from({ length: 11 }, (_, i) => [29 + i]),
  );
  assert.equal(panels[11].title, "29 more clients");
  assert.equal(panels[11].points!.length, 2 * 20 * 29);
});

test("where rows stayed with the clients everything else is drawn and the frame says so", () => {
  const experiment = sampleExperiment({ withRows: false });
  const scene = sceneOf(experiment, still(2, "local"));
  assert.equal(texts(scene).filter((text) => text === "rows not recorded").length, 3);
  assert.equal(marksOf(scene).filter(({ kind }) => kind === "points").length, 0);
  assert.equal(symbols(scene).filter(({ struck }) => struck).length, 3);
});

test("few rows are symbols, a hundred thousand a density", () => {
  const kinds = (rowsPerClient: number) =>
    marksOf(sceneOf(sampleExperiment({ nClients: 2, rowsPerClient }), still(1, "global"))).flatMap((mark) =>
      mark.kind === "points" ? [mark.as] : [],
    );
  assert.deepEqual(kinds(300), ["symbols", "symbols"]);
  assert.deepEqual(kinds(100_000), ["density", "density"]);
});

test("titles do not run into each other: each has its share of the panel's width", () => {
  const experiment = sampleExperiment({ nClients: 12 });
  const { panels } = stageOf(experiment, OPTIONS);
  const scene = sceneOf(experiment, still(2, "local"));
  for (const { rect } of panels) {
    const titles = marksOf(scene).filter(
      (mark): mark is TextMark =>
        mark.kind === "text" && inside(mark, { ...rect, height: 24 }) && mark.maxWidth !== undefined,
    );
    assert.equal(titles.length, 2);
    assert.ok(titles[0].maxWidth! + titles[1].maxWidth! < rect.width - 4);
  }
});

test("of chosen clients only these have panels, and the server's means are of all the same", () => {
  const experiment = sampleExperiment({ nClients: 8 });
  const options = { ...OPTIONS, clients: ["client 2", "client 5"] };
  const { panels, shown } = stageOf(experiment, options);
  assert.deepEqual(
    panels.map(({ title, clients }) => [title, clients]),
    [
      ["client 2", [2]],
      ["client 5", [5]],
    ],
  );
  assert.deepEqual(shown, [2, 5]);
  const compose = createComposer(experiment, options);
  for (const view of VIEWS) {
    assert.ok(texts(compose(still(2, view))).some((text) => text.endsWith("shown: 2 of 8 clients")));
  }
  const server = compose(still(2, "aggregation"));
  assert.equal(
    marksOf(server).filter(({ kind }) => kind === "flow").length,
    experiment.rounds[2].locals.reduce((sum, { counts }) => sum + counts.length, 0),
  );
  const senders = texts(server);
  assert.ok(["client 2", "client 5", "6 more clients"].every((name) => senders.includes(name)));
  assert.ok(!senders.includes("client 3"));
});

test("a title is in every frame", () => {
  const compose = createComposer(sampleExperiment(), { ...OPTIONS, title: "Penguins" });
  for (const view of VIEWS) assert.ok(texts(compose(still(1, view))).includes("Penguins"));
});
