import assert from "node:assert/strict";
import { test } from "node:test";
import type { LineMark, PointsMark, SymbolMark } from "#src/scene/marks/marks.js";
import { clusterStyle, THEMES } from "#src/scene/marks/theme.js";
import { stageOf } from "#src/scene/stage/stage.js";
import { sampleExperiment, still } from "../../support/sample.js";
import { at, inside, marksOf, near, OPTIONS, sceneOf, symbols, texts } from "../../support/scene.js";

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
  assert.deepEqual(opacities, [0.5, 1, 1]);
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

test("where nothing is known of what clients sent, the means they were sent are drawn; without clients, once", () => {
  const experiment = sampleExperiment();
  const rounds = experiment.rounds.map((round) => ({ ...round, locals: [], areLocalsRecorded: false }));
  for (const clients of [experiment.clients, []]) {
    const bare = { ...experiment, rounds, clients };
    const { panels } = stageOf(bare, OPTIONS);
    assert.equal(panels.length, Math.max(1, clients.length));
    const scene = sceneOf(bare, still(2, "local"));
    for (const panel of panels) {
      const drawn = symbols(scene).filter((mark) => inside(mark, panel.plot));
      assert.equal(drawn.length, rounds[1].k);
      assert.ok(drawn.every(({ fill, opacity }) => fill === THEMES.light.panel && opacity === 1));
      const [x, y] = rounds[1].positions;
      assert.equal(drawn.filter(at(panel.scale.x(x), panel.scale.y(y))).length, 1);
    }
    const after = symbols(sceneOf(bare, still(2, "global"))).filter(
      ({ fill, casing }) => casing !== undefined && fill !== THEMES.light.panel,
    );
    assert.ok(panels.every(({ plot }) => after.filter((mark) => inside(mark, plot)).length === rounds[2].k));
  }
});

test("a client whose part cannot be read is said to be so, and not to have missed the round", () => {
  const said = (nClients: number, lost: readonly number[]) => {
    const experiment = sampleExperiment({ nClients });
    const rounds = experiment.rounds.map((round) => ({
      ...round,
      locals: round.locals.filter(({ client }) => !lost.includes(client)),
      lost,
    }));
    const all = texts(sceneOf({ ...experiment, rounds }, still(2, "local")));
    return all.filter((text) => /cannot be read|took no part/.test(text));
  };
  assert.deepEqual(said(3, [1]), ["what it sent cannot be read"]);
  // Two of the clients that share the last panel.
  assert.deepEqual(said(40, [0, 1]).slice(-1), ["what 2 of 29 sent cannot be read"]);
  assert.ok(!said(40, [0, 1]).some((text) => text.includes("took no part")));
});

test("of clients that share a panel those that took no part are counted, with their reasons", () => {
  const experiment = sampleExperiment({ nClients: 14, rowsPerClient: 20 });
  const { panels } = stageOf(experiment, OPTIONS);
  const shared = panels[11].clients;
  assert.deepEqual(shared, [0, 1, 2]);
  const gone = (clients: readonly number[]) => {
    const round = experiment.rounds[2];
    const locals = round.locals.filter(({ client }) => !clients.includes(client));
    const dropped = clients.map((client) => ({
      client: experiment.clients[client].name,
      reason: "no answer",
    }));
    const rounds = experiment.rounds.map((other, i) => (i === 2 ? { ...round, locals, dropped } : other));
    return texts(sceneOf({ ...experiment, rounds }, still(2, "local")));
  };
  assert.ok(gone([0, 2, 5]).includes("2 of 3 took no part: no answer"));
  assert.ok(gone([0, 1, 2]).includes("3 of 3 took no part: no answer"));
  assert.ok(!gone([5]).some((text) => text.includes("of 3 took no part")));
});

test("a panel that many clients share has a mean and an arrow a cluster: the mean of their rows, beside a small mark a client", () => {
  const experiment = sampleExperiment({ nClients: 40 });
  const { panels } = stageOf(experiment, OPTIONS);
  const shared = panels.at(-1)!;
  assert.equal(shared.clients.length, 29);
  const own = marksOf(sceneOf(experiment, still(2, "local"))).filter(
    (mark): mark is SymbolMark => mark.kind === "symbol" && inside(mark, shared.plot),
  );
  const locals = experiment.rounds[2].locals.filter(({ client }) => shared.clients.includes(client));
  for (const cluster of [0, 1, 2]) {
    const { color } = clusterStyle(cluster);
    let rows = 0;
    let sum = 0;
    let sent = 0;
    for (const { targets, counts, positions } of locals) {
      targets.forEach((target, i) => {
        if (target !== cluster) return;
        rows += counts[i];
        sum += counts[i] * shared.scale.x(positions[2 * i]);
        sent += 1;
      });
    }
    const solid = own.filter((mark) => mark.fill === color && mark.stroke !== undefined);
    assert.equal(solid.length, 1);
    assert.ok(Math.abs(solid[0].x - sum / rows) < 1e-6);
    assert.equal(own.filter((mark) => mark.fill === color && mark.stroke === undefined).length, sent);
  }
});
