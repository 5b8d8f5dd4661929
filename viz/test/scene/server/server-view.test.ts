import assert from "node:assert/strict";
import { test } from "node:test";
import type { Experiment } from "#src/read/experiment.js";
import type { LineMark, Mark } from "#src/scene/marks/marks.js";
import { clusterStyle } from "#src/scene/marks/theme.js";
import { createComposer } from "#src/scene/scene.js";
import { stageOf } from "#src/scene/stage/stage.js";
import { textWidth } from "#src/scene/text/text-width.js";
import { draws, sampleExperiment, still } from "../../support/sample.js";
import { at, inside, marksOf, near, OPTIONS, sceneOf, symbols, texts } from "../../support/scene.js";

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

test("a step too short to be seen has a tick, and a glass that shows it larger; no step has nothing", () => {
  const sample = sampleExperiment();
  const moved = (by: number, cluster: number): Experiment => {
    const positions = sample.rounds[1].positions.map((value, i) => value + (i >> 1 === cluster ? by : 0));
    return { ...sample, rounds: [...sample.rounds.slice(0, 2), { ...sample.rounds[2], positions }] };
  };
  const arrowsOf = (experiment: Experiment) =>
    marksOf(sceneOf(experiment, still(2, "aggregation"))).filter(
      (mark): mark is LineMark => mark.kind === "line" && mark.head !== undefined,
    );
  assert.equal(arrowsOf(moved(0, 2)).length, 0);
  const tiny = moved(1e-3, 2);
  // One in the panel, one in the glass.
  assert.equal(arrowsOf(tiny).length, 2);
  assert.ok(texts(sceneOf(tiny, still(2, "aggregation"))).some((text) => /^steps × [\d,]+$/.test(text)));
});

test("where a mean was is hollow, and a path since round 0 leads there", () => {
  const experiment = sampleExperiment();
  const { serverScale: scale } = stageOf(experiment, OPTIONS);
  const scene = sceneOf(experiment, still(3, "aggregation"));
  const paths = marksOf(scene).filter(
    (mark): mark is LineMark => mark.kind === "line" && mark.casing !== undefined && mark.head === undefined,
  );
  // From round 0 to 1 and on to 2, of four means; the arrow goes from 2 to 3.
  assert.deepEqual(
    paths.map(({ points }) => points.length),
    [6, 6, 6, 6],
  );
  for (let cluster = 0; cluster < 4; cluster++) {
    const [x, y] = [0, 1].map((axis) => experiment.rounds[2].positions[2 * cluster + axis]);
    const before = symbols(scene).filter(at(scale.x(x), scale.y(y)));
    assert.ok(
      before.some(({ fill, stroke }) => fill === "#ffffff" && stroke === clusterStyle(cluster).color),
    );
    assert.ok(paths.some(({ points }) => near(points[4], scale.x(x)) && near(points[5], scale.y(y))));
  }
});

test("a mean that no client sent is hollow, and says why", () => {
  const sample = sampleExperiment();
  const [first, second] = sample.rounds;
  const said = (round: Partial<Experiment["rounds"][number]>) => {
    const rounds = [first, { ...second, carriedOver: [3], ...round }];
    const scene = sceneOf({ ...sample, rounds }, still(1, "aggregation"));
    const { serverScale: scale } = stageOf({ ...sample, rounds }, OPTIONS);
    const there = symbols(scene).filter(at(scale.x(second.positions[6]), scale.y(second.positions[7])));
    assert.ok(there.some(({ fill, stroke }) => fill === "#ffffff" && stroke === clusterStyle(3).color));
    assert.ok(!there.some(({ fill }) => fill === clusterStyle(3).color));
    // Beside the mean, and in the list of clusters.
    return [...new Set(texts(scene).filter((text) => text.startsWith("kept")))];
  };
  assert.deepEqual(said({}), ["kept, 3 withheld"]);
  const locals = second.locals.map((local) => ({ ...local, withheld: [] }));
  assert.deepEqual(said({ locals }), ["kept, no rows"]);
  // A client that took no part may have had rows there.
  assert.deepEqual(said({ locals: locals.slice(1) }), ["kept"]);
});

test("a local mean that its global mean hides has a ring, and a client that feeds a cluster alone is named", () => {
  const sample = sampleExperiment();
  const [first, second] = sample.rounds;
  // Of client 2 alone, and of so few rows that it is smaller than the global mean on it; of client 1 alone, and larger.
  const of = (client: number, cluster: number, count: number) => ({
    client,
    positions: Float64Array.from(second.positions.slice(2 * cluster, 2 * cluster + 2)),
    counts: [count],
    origins: [cluster],
    targets: [cluster],
    withheld: [],
  });
  const clients = sample.clients.map((client, i) => ({ ...client, name: ["Oslo", "Bergen", "1"][i] }));
  const locals = [of(1, 1, 40), of(2, 0, 1)];
  const scene = sceneOf(
    { ...sample, clients, rounds: [first, { ...second, locals }] },
    still(1, "aggregation"),
  );
  const rings = symbols(scene).filter(({ fill }) => fill === undefined);
  assert.deepEqual(
    rings.map(({ stroke }) => stroke),
    [clusterStyle(0).color],
  );
  assert.deepEqual(
    texts(scene).filter((text) => text.startsWith("only")),
    ["only Bergen", "only Client 1"],
  );
});

test("the server's panel holds all its means closer up than the clients' panels, at the same places in all rounds", () => {
  const experiment = crowdedExperiment();
  const far = experiment.clients.map((client) => ({
    ...client,
    points: { ...client.points!, positions: client.points!.positions.map((value) => 4 * value) },
  }));
  const stage = stageOf({ ...experiment, clients: far }, OPTIONS);
  const unit = (scale: { x(value: number): number }) => scale.x(1) - scale.x(0);
  assert.ok(near(unit(stage.serverScale), unit(stageOf(experiment, OPTIONS).serverScale)));
  const scene = sceneOf({ ...experiment, clients: far }, still(1, "aggregation"));
  assert.ok(texts(scene).some((text) => /zoomed × \d\.\d$/.test(text)));
});

for (const nClients of [1, 3, 30]) {
  test(`of ${nClients} clients nothing is drawn outside of the server's panel and the list, at any size`, () => {
    const experiment = nClients === 30 ? crowdedExperiment() : sampleExperiment({ nClients });
    for (const [width, height] of [
      [1280, 720],
      [720, 1280],
      [1080, 1080],
    ]) {
      const options = { ...OPTIONS, width, height };
      const { layout } = stageOf(experiment, options);
      const { layers } = createComposer(experiment, options)(still(2, "aggregation"));
      // The frame's own layer and the legend, which are the last, are around them.
      for (const mark of layers.slice(0, -2).flatMap(({ marks }) => marks)) {
        // The names of the axes are in the margin.
        if (mark.kind === "text" && experiment.axes.includes(mark.text)) continue;
        assert.ok(
          [layout.server, layout.senders].some((rect) =>
            boundsOf(mark).every((corner) => inside(corner, rect)),
          ),
          `${width}x${height}: ${JSON.stringify(mark)}`,
        );
      }
    }
  });
}

/** Two corners of the rectangle that holds a mark. */
function boundsOf(mark: Mark): { x: number; y: number }[] {
  if (mark.kind === "rect") return [mark, { x: mark.x + mark.width, y: mark.y + mark.height }];
  if (mark.kind === "text") {
    const width = Math.min(mark.maxWidth ?? Infinity, textWidth(mark.text, mark.size, mark.weight));
    const left =
      mark.align === "right" ? mark.x - width : mark.align === "center" ? mark.x - width / 2 : mark.x;
    return [
      { x: left, y: mark.y - mark.size * 0.7 },
      { x: left + width, y: mark.y },
    ];
  }
  if (mark.kind === "line" || mark.kind === "area") {
    return Array.from({ length: mark.points.length / 2 }, (_, i) => ({
      x: mark.points[2 * i],
      y: mark.points[2 * i + 1],
    }));
  }
  if (mark.kind === "flow")
    return [
      { x: mark.x1, y: mark.y1 },
      { x: mark.x2, y: mark.y2 },
    ];
  const reach = mark.kind === "chip" ? mark.size * 0.78 : mark.radius;
  return [
    { x: mark.x - reach, y: mark.y - reach },
    { x: mark.x + reach, y: mark.y + reach },
  ];
}

/** As many local means as make a crowd: of each cluster a heap, and one of client 0 that lies far away from it. */
function crowdedExperiment(): Experiment {
  const sample = sampleExperiment({ nClients: 30, rowsPerClient: 8 });
  const draw = draws(5);
  const rounds = sample.rounds.map((round) => ({
    ...round,
    locals: round.locals.map((local) => ({
      ...local,
      positions: local.positions.map((_, i) => {
        const cluster = local.targets[i >> 1];
        const far = local.client === 0 && cluster === 1 ? 1.5 : 0;
        return round.positions[2 * cluster + (i % 2)] + 0.2 * (draw() - 0.5) + far;
      }),
    })),
  }));
  return { ...sample, rounds };
}

test("of very many local means each heap has an outline that holds them and their number; those apart are drawn alone", () => {
  const experiment = crowdedExperiment();
  const { serverScale: scale, layout } = stageOf(experiment, OPTIONS);
  const round = experiment.rounds[2];
  const scene = sceneOf(experiment, still(2, "aggregation"));
  const outlines = marksOf(scene).filter((mark) => mark.kind === "area");
  const means = round.locals.flatMap((local) =>
    local.targets.map((cluster, i) => ({
      cluster,
      x: scale.x(local.positions[2 * i]),
      y: scale.y(local.positions[2 * i + 1]),
    })),
  );
  assert.equal(means.length, 89);
  assert.equal(outlines.length, 3);
  for (const outline of outlines) {
    const own = means.filter(({ cluster }) => clusterStyle(cluster).color === outline.fill);
    const held = own.filter((mean) => holds(outline.points, mean));
    assert.equal(held.length, own[0].cluster === 1 ? 29 : own.length);
  }
  // A symbol for each, wherever it is; a line of its own for the one that lies apart, a ribbon a heap.
  const drawn = symbols(scene).filter((mark) => mark.opacity === 0.5 && inside(mark, layout.server));
  assert.equal(drawn.length, means.length);
  assert.equal(marksOf(scene).filter(({ kind }) => kind === "flow").length, 4);
  const said = texts(scene).filter((text) => /^\d+ means$/.test(text));
  assert.deepEqual(said.toSorted(), ["29 means", "29 means", "30 means"]);
});

function holds(outline: readonly number[], { x, y }: { x: number; y: number }): boolean {
  const n = outline.length / 2;
  return Array.from({ length: n }, (_, i) => {
    const j = (i + 1) % n;
    const [ax, ay] = [outline[2 * i], outline[2 * i + 1]];
    return (outline[2 * j] - ax) * (y - ay) - (outline[2 * j + 1] - ay) * (x - ax);
  }).every((side) => side >= 0);
}

test("of local means that were not recorded nothing is said that nobody knows", () => {
  const sample = sampleExperiment();
  const rounds = sample.rounds.map((round) => ({ ...round, locals: [], areLocalsRecorded: false }));
  for (const round of [0, 1]) {
    const said = texts(sceneOf({ ...sample, rounds }, still(round, "aggregation")));
    assert.equal(said.filter((text) => text === "not recorded").length, 1);
    assert.ok(said.some((text) => /what clients sent, which was not recorded/.test(text)));
    assert.ok(!said.some((text) => /sent yet|took no part|of its own|^0 local/.test(text)));
  }
});
