import assert from "node:assert/strict";
import { test } from "node:test";
import type { Experiment } from "#src/read/experiment.js";
import type { Frame, Step, View } from "#src/scene/frame.js";
import { layoutOf, plotArea } from "#src/scene/layout.js";
import type { LineMark, Mark, PointsMark, Scene, SymbolMark, TextMark } from "#src/scene/marks.js";
import { domainOf, scaleOf } from "#src/scene/scale.js";
import { createComposer } from "#src/scene/scene.js";
import { stageOf } from "#src/scene/stage.js";
import { clusterStyle, THEMES } from "#src/scene/theme.js";
import { moving, sampleExperiment, still } from "../support/sample.js";

const OPTIONS = { width: 1280, height: 720, theme: "light" } as const;

const sceneOf = (experiment: Experiment, frame: Frame): Scene => createComposer(experiment, OPTIONS)(frame);
const marksOf = (scene: Scene): Mark[] => scene.layers.flatMap(({ marks }) => marks);
const symbols = (scene: Scene) => marksOf(scene).filter((mark): mark is SymbolMark => mark.kind === "symbol");
const texts = (scene: Scene) => marksOf(scene).flatMap((mark) => (mark.kind === "text" ? [mark.text] : []));
const near = (a: number, b: number) => Math.abs(a - b) < 1e-9;
const at = (x: number, y: number) => (mark: SymbolMark) => near(mark.x, x) && near(mark.y, y);

test("the local view draws each mean a client sent where the client put it, by an arrow from where it was sent", () => {
  const experiment = sampleExperiment();
  const { panels } = stageOf(experiment, OPTIONS);
  const scene = sceneOf(experiment, still(2, "local"));
  const lines = marksOf(scene).filter(
    (mark): mark is LineMark => mark.kind === "line" && mark.head !== undefined,
  );
  for (const local of experiment.rounds[2].locals) {
    const { scale } = panels[local.client];
    local.origins.forEach((origin, i) => {
      const { color, shape } = clusterStyle(origin!);
      const here = at(scale.x(local.positions[2 * i]), scale.y(local.positions[2 * i + 1]));
      const drawn = symbols(scene).filter(here);
      assert.equal(drawn.length, 1);
      assert.deepEqual([drawn[0].fill, drawn[0].shape, drawn[0].struck], [color, shape, undefined]);
      const [x, y] = experiment.rounds[1].positions.slice(2 * origin!, 2 * origin! + 2);
      const arrows = lines.filter(({ points }) => near(points[0], scale.x(x)) && near(points[1], scale.y(y)));
      assert.equal(arrows.length, 1, `an arrow for mean ${origin} of client ${local.client}`);
    });
  }
});

test("a mean that the threshold withheld is drawn hollow and struck where it began, and nowhere else", () => {
  const experiment = sampleExperiment();
  const { panels } = stageOf(experiment, OPTIONS);
  const scene = sceneOf(experiment, still(2, "local"));
  const struck = symbols(scene).filter((mark) => mark.struck);
  assert.equal(struck.length, experiment.clients.length);
  const [x, y] = experiment.rounds[1].positions.slice(6, 8);
  for (const panel of panels) {
    const here = struck.filter(at(panel.scale.x(x), panel.scale.y(y)));
    assert.equal(here.length, 1);
    assert.equal(here[0].fill, THEMES.light.panel);
    assert.equal(here[0].stroke, clusterStyle(3).color);
    const solid = symbols(scene).filter(
      (mark) => mark.fill === clusterStyle(3).color && inside(mark, panel.plot),
    );
    assert.equal(solid.length, 0);
  }
});

test("a global mean that gets none of a client's rows is drawn pale in that client's panel only", () => {
  const experiment = sampleExperiment();
  const { panels } = stageOf(experiment, OPTIONS);
  const [x, y] = experiment.rounds[1].positions;
  const scene = sceneOf(experiment, still(2, "local"));
  const opacities = panels.map(
    ({ scale }) =>
      symbols(scene).find((mark) => at(scale.x(x), scale.y(y))(mark) && mark.fill === THEMES.light.panel)
        ?.opacity,
  );
  assert.deepEqual(opacities, [0.4, 1, 1]);
});

test("rows of the local view have the cluster of the nearest mean their client was sent", () => {
  const experiment = sampleExperiment();
  const { means } = experiment.rounds[1];
  const points = marksOf(sceneOf(experiment, still(2, "local"))).filter(
    (m): m is PointsMark => m.kind === "points",
  );
  assert.equal(points.length, 3);
  points.forEach(({ labels, styles }, client) => {
    const { features } = experiment.clients[client].points!;
    labels!.forEach((label, row) => {
      const distances = Array.from({ length: 4 }, (_, c) =>
        Math.hypot(features[2 * row] - means[2 * c], features[2 * row + 1] - means[2 * c + 1]),
      );
      assert.equal(distances[label], Math.min(...distances));
    });
    assert.deepEqual(
      styles.map(({ color }) => color),
      [0, 1, 2, 3].map((c) => clusterStyle(c).color),
    );
  });
});

test("before anybody has sent a mean, rows are grey and no mean is drawn in any panel", () => {
  const experiment = sampleExperiment();
  const scene = sceneOf(experiment, still(0, "local"));
  const points = marksOf(scene).filter((mark): mark is PointsMark => mark.kind === "points");
  assert.ok(points.every(({ labels, styles }) => labels === null && styles[0].color === THEMES.light.rows));
  const { panels } = stageOf(experiment, OPTIONS);
  assert.equal(symbols(scene).filter((mark) => panels.some(({ plot }) => inside(mark, plot))).length, 0);
});

test("the aggregation view draws local means with areas in proportion to their rows, each flowing into its mean", () => {
  const experiment = sampleExperiment();
  const { serverScale: scale } = stageOf(experiment, OPTIONS);
  const round = experiment.rounds[2];
  const scene = sceneOf(experiment, still(2, "aggregation"));
  const flows = marksOf(scene).filter((mark) => mark.kind === "flow");
  assert.equal(
    flows.length,
    round.locals.reduce((sum, { counts }) => sum + counts.length, 0),
  );
  const areas = round.locals.flatMap((local) =>
    local.targets.map((target, i) => {
      const x = scale.x(local.positions[2 * i]);
      const y = scale.y(local.positions[2 * i + 1]);
      const flow = flows.find((mark) => near(mark.x1, x) && near(mark.y1, y))!;
      assert.ok(near(flow.x2, scale.x(round.positions[2 * target])));
      assert.ok(near(flow.y2, scale.y(round.positions[2 * target + 1])));
      const { radius, fill } = symbols(scene).find(at(x, y))!;
      assert.equal(fill, clusterStyle(target).color);
      return radius ** 2 / local.counts[i];
    }),
  );
  for (const area of areas) assert.ok(near(area, areas[0]));
});

test("the aggregation view draws no row", () => {
  const scene = sceneOf(sampleExperiment(), still(2, "aggregation"));
  assert.equal(marksOf(scene).filter(({ kind }) => kind === "points").length, 0);
});

test("the aggregation view has an arrow for each mean that moved since the round before", () => {
  const experiment = sampleExperiment();
  const { serverScale: scale } = stageOf(experiment, OPTIONS);
  const [before, after] = experiment.rounds.slice(0, 2).map(({ positions }) => positions);
  const arrows = marksOf(sceneOf(experiment, still(1, "aggregation"))).filter(
    (mark): mark is LineMark => mark.kind === "line" && mark.head !== undefined,
  );
  assert.equal(arrows.length, 4);
  arrows.forEach(({ points }, cluster) => {
    assert.ok(
      near(points[0], scale.x(before[2 * cluster])) && near(points[1], scale.y(before[2 * cluster + 1])),
    );
    // It stops at the edge of the symbol, on the line to the new mean.
    const [dx, dy] = [points[2] - points[0], points[3] - points[1]];
    const [ex, ey] = [scale.x(after[2 * cluster]) - points[0], scale.y(after[2 * cluster + 1]) - points[1]];
    assert.ok(Math.abs(dx * ey - dy * ex) < 1e-6 * Math.hypot(ex, ey) ** 2);
  });
});

test("the last frame says how the run ended: settled, at its last round, or in a cycle", () => {
  const experiment = sampleExperiment();
  const said = (more: Partial<Experiment>) => texts(sceneOf({ ...experiment, ...more }, still(3, "global")));
  assert.ok(said({}).some((text) => text.startsWith("The global means have settled")));
  const stillMoving = "The last round allowed: the global means still move.";
  assert.ok(said({ converged: false }).includes(stillMoving));
  const inCycle = said({ converged: false, cycleLength: 2 });
  assert.ok(
    inCycle.includes("The global means are those of round 1 again: the best of a cycle of 2 rounds."),
  );
  assert.ok(!inCycle.includes(stillMoving));
  const rounds = experiment.rounds.slice(0, 1);
  const ofStart = texts(sceneOf({ ...experiment, rounds, converged: false }, still(0, "global")));
  assert.ok(ofStart.includes("No further round was asked for: these are the start's means."));
});

test("the global view draws every mean in every panel, each with its cluster's number", () => {
  const experiment = sampleExperiment();
  const { panels } = stageOf(experiment, OPTIONS);
  const scene = sceneOf(experiment, still(3, "global"));
  for (const { scale, plot } of panels) {
    for (let cluster = 0; cluster < 4; cluster++) {
      const { positions } = experiment.rounds[3];
      const drawn = symbols(scene).filter(
        at(scale.x(positions[2 * cluster]), scale.y(positions[2 * cluster + 1])),
      );
      assert.equal(drawn.length, 1);
      assert.equal(drawn[0].fill, clusterStyle(cluster).color);
    }
    const chips = marksOf(scene).flatMap((mark) =>
      mark.kind === "chip" && inside(mark, plot) ? [mark.text] : [],
    );
    assert.deepEqual(chips.toSorted(), ["0", "1", "2", "3"]);
  }
});

test("every frame names its round, its clusters with their sizes, and who took part", () => {
  const experiment = sampleExperiment();
  for (const view of ["local", "aggregation", "global"] as View[]) {
    const shown = texts(sceneOf(experiment, still(2, view)));
    for (const text of ["Round 2 of 3", "10", "20", "30", "40", "3 of 3 clients"]) {
      assert.ok(shown.includes(text), `${view}: ${text}`);
    }
  }
  const final = texts(sceneOf(experiment, still(3, "global")));
  for (const text of ["Adjusted Rand index", "0.9", "Silhouette", "0.5"])
    assert.ok(final.includes(text), text);
  assert.ok(
    !texts(sceneOf(experiment, still(2, "global"))).includes("0.9"),
    "scores belong to the final means",
  );
});

test("of how many rows the totals are is shown where they are not of all", () => {
  const experiment = sampleExperiment();
  const shown = (nSamplesInInertia: number | null) => {
    const metrics = { ...experiment.metrics, nSamples: 1200, nSamplesInInertia };
    return texts(sceneOf({ ...experiment, metrics }, still(3, "global")));
  };
  assert.ok(shown(900).includes("900 of 1,200"));
  for (const whole of [1200, null]) {
    assert.ok(!shown(whole).some((text) => text.includes("of 1,200")));
  }
});

test("measures of a round are shown once its means are known, those of the round before until then", () => {
  const experiment = sampleExperiment();
  assert.ok(texts(sceneOf(experiment, still(2, "local"))).includes("0.1"));
  assert.ok(texts(sceneOf(experiment, still(2, "global"))).includes("0.01"));
});

test("axes are the same in every panel and every frame, and hold every mean", () => {
  const experiment = sampleExperiment({ nClients: 5 });
  const compose = createComposer(experiment, OPTIONS);
  const { panels, serverPlot } = stageOf(experiment, OPTIONS);
  const grids = new Set<string>();
  for (let round = 0; round < 4; round++) {
    const [layer] = compose(still(round, "local")).layers;
    grids.add(JSON.stringify(layer.marks));
    for (const view of ["local", "aggregation", "global"] as View[]) {
      const plots = view === "aggregation" ? [serverPlot] : panels.map(({ plot }) => plot);
      const { sidebar, senders } = layoutOf(1280, 720, 5, 1);
      for (const mark of symbols(compose(still(round, view)))) {
        assert.ok(
          [...plots, sidebar, senders].some((area) => inside(mark, area)),
          `${view} of round ${round}`,
        );
      }
    }
  }
  assert.equal(grids.size, 1);
});

test("a step that has come to its end is the still picture it leads to", () => {
  const experiment = sampleExperiment({ clientStart: true });
  const compose = createComposer(experiment, OPTIONS);
  const pairs: [Step, View][] = [
    ["withhold", "local"],
    ["aggregate", "aggregation"],
  ];
  for (const round of [0, 2]) {
    for (const [step, view] of pairs) {
      assert.deepEqual(
        compose(moving(round, view, step, 1)),
        compose(still(round, view)),
        `${step} ${round}`,
      );
    }
  }
});

test("motion is continuous: where one step ends the next begins", () => {
  const compose = createComposer(sampleExperiment({ clientStart: true }), OPTIONS);
  const last = (frame: Frame) =>
    compose(frame).layers.filter(({ key, opacity }) => key === null && opacity > 0)[0];
  const follow: [Frame, Frame][] = [
    [moving(2, "local", "assign", 1), moving(2, "local", "update", 0)],
    [moving(2, "local", "update", 1), moving(2, "local", "withhold", 0)],
    [moving(2, "aggregation", "collect", 1), moving(2, "aggregation", "aggregate", 0)],
  ];
  for (const [end, begin] of follow) assert.deepEqual(last(end), last(begin), end.motion!.step);
});

test("a scene does not depend on what was composed before it", () => {
  const experiment = sampleExperiment();
  const frames = [0, 1, 2, 3].flatMap((round) =>
    (["local", "aggregation", "global"] as View[]).map((view) => still(round, view)),
  );
  const compose = createComposer(experiment, OPTIONS);
  const forwards = frames.map(compose);
  const backwards = frames.toReversed().map(compose).toReversed();
  assert.deepEqual(backwards, forwards);
});

test("more than 12 clients: the 11 largest have a panel, the others share one", () => {
  const experiment = sampleExperiment({ nClients: 40, rowsPerClient: 20 });
  const { panels } = stageOf(experiment, OPTIONS);
  assert.equal(panels.length, 12);
  // Clients have 20, 21, ... rows: the largest are the last.
  assert.deepEqual(
    panels.slice(0, 11).map(({ clients }) => clients),
    Array.from({ length: 11 }, (_, i) => [29 + i]),
  );
  assert.equal(panels[11].title, "29 other clients");
  assert.equal(panels[11].points!.length, 2 * 20 * 29);
  const senders = texts(sceneOf(experiment, still(1, "aggregation")));
  assert.ok(senders.some((text) => text.endsWith("more clients")));
});

test("where rows stayed with the clients everything else is drawn and the frame says so", () => {
  const experiment = sampleExperiment({ withRows: false });
  const scene = sceneOf(experiment, still(2, "local"));
  assert.equal(texts(scene).filter((text) => text === "rows stayed with the client").length, 3);
  assert.equal(marksOf(scene).filter(({ kind }) => kind === "points").length, 0);
  assert.equal(symbols(scene).filter(({ struck }) => struck).length, 3);
});

test("a client that missed a round is named in its panel, with the reason", () => {
  const experiment = sampleExperiment();
  const rounds = experiment.rounds.map((round, i) =>
    i === 2
      ? {
          ...round,
          locals: round.locals.filter(({ client }) => client !== 2),
          dropped: [{ client: "client 2", reason: "no answer within 3 s" }],
        }
      : round,
  );
  const shown = texts(sceneOf({ ...experiment, rounds }, still(2, "local")));
  assert.ok(shown.includes("took no part: no answer within 3 s"));
  assert.ok(shown.includes("2 of 3 clients"));
});

test("few rows are symbols, a hundred thousand a density", () => {
  const kinds = (rowsPerClient: number) =>
    marksOf(sceneOf(sampleExperiment({ nClients: 2, rowsPerClient }), still(1, "global"))).flatMap((mark) =>
      mark.kind === "points" ? [mark.as] : [],
    );
  assert.deepEqual(kinds(300), ["symbols", "symbols"]);
  assert.deepEqual(kinds(100_000), ["density", "density"]);
});

test("a note about an unfinished run is on every frame", () => {
  const experiment = {
    ...sampleExperiment(),
    note: "aborted: drawn up to round 3",
    status: "aborted" as const,
  };
  for (const view of ["local", "aggregation", "global"] as View[]) {
    assert.ok(texts(sceneOf(experiment, still(3, view))).includes("aborted: drawn up to round 3"));
  }
});

test("up to 56 clusters differ in colour or marker, and neighbours in both", () => {
  const styles = Array.from({ length: 56 }, (_, cluster) => clusterStyle(cluster));
  assert.equal(new Set(styles.map((style) => JSON.stringify(style))).size, 56);
  for (let i = 1; i < 56; i++) {
    assert.notEqual(styles[i].color, styles[i - 1].color);
    assert.notEqual(styles[i].shape, styles[i - 1].shape);
  }
});

test("panels of 1 to 12 clients lie inside the picture and apart from each other, at any size", () => {
  for (const [width, height] of [
    [1280, 720],
    [640, 360],
    [1920, 1080],
    [1080, 1080],
  ]) {
    for (let count = 1; count <= 12; count++) {
      const { panels, sidebar, width: w, height: h } = layoutOf(width, height, count, 1.3);
      assert.equal(panels.length, count);
      for (const panel of panels) {
        assert.ok(
          panel.x >= 0 && panel.y >= 0 && panel.x + panel.width <= sidebar.x && panel.y + panel.height <= h,
        );
        assert.ok(
          plotArea(panel).width > 100 && plotArea(panel).height > 80,
          `${count} at ${width}x${height}`,
        );
        for (const other of panels) {
          if (other === panel) continue;
          assert.ok(
            other.x >= panel.x + panel.width ||
              panel.x >= other.x + other.width ||
              other.y >= panel.y + panel.height ||
              panel.y >= other.y + other.height,
          );
        }
      }
      assert.ok(sidebar.x + sidebar.width <= w);
    }
  }
});

test("axes keep nearly one unit, so that distances look nearly as they are, until spans differ too much", () => {
  const area = { x: 0, y: 0, width: 900, height: 300 };
  const square = scaleOf({ x: [0, 1], y: [0, 1] }, area);
  assert.ok(near(square.y(0) - square.y(1), 300));
  assert.ok(near(square.x(1) - square.x(0), 450));
  const grams = scaleOf({ x: [0, 1], y: [0, 5000] }, area);
  assert.ok(near(grams.x(1) - grams.x(0), 900));
  assert.ok(near(grams.y(0) - grams.y(5000), 300));
});

test("a few outliers among many rows do not widen the axes; a mean always does", () => {
  const experiment = sampleExperiment({ nClients: 1, rowsPerClient: 5000 });
  const { points } = experiment.clients[0];
  const features = points!.features.slice();
  features[0] = 1e6;
  const spoilt = { ...experiment.clients[0], points: { ...points!, features, positions: features } };
  assert.ok(domainOf({ ...experiment, clients: [spoilt] }).x[1] < 10);
  const means = experiment.rounds[0].means.slice();
  means[0] = 50;
  const rounds = [{ ...experiment.rounds[0], means, positions: means }];
  assert.ok(domainOf({ ...experiment, rounds }).x[1] > 50);
});

test("grid lines are at round numbers inside the panel", () => {
  const { xTicks } = scaleOf({ x: [-3.2, 7.9], y: [0, 10] }, { x: 0, y: 0, width: 500, height: 450 });
  assert.ok(xTicks.length >= 4);
  for (const tick of xTicks) assert.equal(tick, Math.round(tick));
});

function inside(
  mark: { x: number; y: number },
  area: { x: number; y: number; width: number; height: number },
): boolean {
  return (
    mark.x >= area.x && mark.x <= area.x + area.width && mark.y >= area.y && mark.y <= area.y + area.height
  );
}

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

test("of local means that were not recorded nothing is said that nobody knows", () => {
  const sample = sampleExperiment();
  const rounds = sample.rounds.map((round) => ({ ...round, locals: [], areLocalsRecorded: false }));
  for (const round of [0, 1]) {
    const said = texts(sceneOf({ ...sample, rounds }, still(round, "aggregation")));
    assert.equal(said.filter((text) => text === "not recorded").length, sample.clients.length);
    assert.ok(said.some((text) => /what the clients sent, which was not recorded/.test(text)));
    assert.ok(!said.some((text) => /sent nothing|of its own|^0 local/.test(text)));
  }
});

test("groups are drawn by their rows, with a legend of areas that holds in every panel, and nothing is withheld", () => {
  const experiment = sampleExperiment({ groups: "drawn" });
  const { panels } = stageOf(experiment, OPTIONS);
  for (const view of ["local", "global"] as const) {
    const scene = sceneOf(experiment, still(2, view));
    const points = marksOf(scene).filter((mark): mark is PointsMark => mark.kind === "points");
    assert.equal(points.length, 3);
    points.forEach(({ weights }, client) => {
      assert.deepEqual([...weights!], [...experiment.clients[client].points!.weights!]);
    });
    assert.equal(new Set(points.map(({ radius }) => radius)).size, 1);
    // The legend's circles: 5, 7 and 9 rows, each of its number of areas of one row.
    const side = layoutOf(1280, 720, 3, 1).sidebar;
    const legend = symbols(scene).filter(({ x, fill }) => x > side.x && fill === THEMES.light.rows);
    assert.deepEqual(
      legend.map(({ radius }) => Math.round((radius / points[0].radius) ** 2)),
      [5, 7, 9],
    );
    const means = symbols(scene).filter((mark) => panels.some(({ plot }) => inside(mark, plot)));
    const largest = points[0].radius * Math.sqrt(9);
    assert.ok(means.every(({ radius }) => radius > largest));
    assert.equal(symbols(scene).filter(({ struck }) => struck).length, 0);
    const said = texts(scene);
    for (const text of ["rows of groups", "area by rows", "5", "7", "9", "Inertia of groups"]) {
      assert.ok(said.includes(text), `${view}: ${text}`);
    }
    assert.ok(said.some((text) => text.endsWith("180 groups of 5 to 9 rows")));
    assert.ok(!said.some((text) => /withheld|stayed with the client|\d rows?\b.*means/.test(text)));
  }
  assert.ok(texts(sceneOf(experiment, still(2, "local"))).includes("60 groups: 3 means"));
  assert.ok(texts(sceneOf(experiment, still(2, "global"))).includes("60 groups"));
  const server = texts(sceneOf(experiment, still(2, "aggregation")));
  assert.ok(server.includes("sees means and counts of groups") && !server.includes("area by rows"));
  assert.ok(server.includes("24 rows, 60 groups"));
});

test("rows behind groups are drawn as rows, and the frame says both, and whose colour they have", () => {
  const experiment = sampleExperiment({ groups: "behind rows" });
  const scene = sceneOf(experiment, still(2, "local"));
  for (const mark of marksOf(scene)) if (mark.kind === "points") assert.equal(mark.weights, null);
  const said = texts(scene);
  assert.ok(said.includes("61 rows, 60 groups: 3 means"));
  assert.ok(
    said.some((text) => /its groups of rows .* Each row has the colour of its own nearest/.test(text)),
  );
  assert.ok(!said.includes("area by rows"));
  const end = texts(sceneOf(experiment, still(3, "global")));
  assert.equal(end[end.indexOf("Scores") + 1], "of rows");
  const deployed = texts(sceneOf({ ...experiment, metricsOf: "groups" }, still(3, "global")));
  assert.equal(deployed[deployed.indexOf("Scores") + 1], "of groups");
  // Of rows that nothing stands for, nobody asks whose.
  const plain = texts(sceneOf(sampleExperiment(), still(3, "global")));
  assert.ok(!plain.some((text) => /group|Scores/.test(text)));
});

test("how large groups are is said as far as it is known", () => {
  const sizes = (groups: Experiment["groups"]) =>
    texts(sceneOf({ ...sampleExperiment({ groups: "drawn" }), groups }, still(2, "global")));
  for (const [groups, text] of [
    [{ count: 1200, least: 5, most: null }, "1,200 groups of at least 5 rows"],
    [{ count: null, least: 5, most: null }, "groups of at least 5 rows"],
    [{ count: 4, least: 10, most: 10 }, "4 groups of 10 rows"],
  ] as const) {
    assert.ok(
      sizes(groups).some((line) => line.endsWith(`·  ${text}`)),
      text,
    );
  }
});
