import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Experiment } from "#src/read/experiment.js";
import type { View } from "#src/scene/frames/frame.js";
import type { ChipMark, LineMark, Mark } from "#src/scene/marks/marks.js";
import { THEMES } from "#src/scene/marks/theme.js";
import { hasMoved, type MeanStep } from "#src/scene/means/arrows.js";
import { createComposer } from "#src/scene/scene.js";
import { placed } from "#src/scene/stage/places.js";
import { type Panel, stageOf } from "#src/scene/stage/stage.js";
import { runExperiment } from "../../support/run.js";
import { still } from "../../support/sample.js";
import { inside, marksOf, OPTIONS } from "../../support/scene.js";

const SHAPE = [
  "--num-clients",
  "4",
  "--num-clusters",
  "5",
  "--samples-per-client",
  "120",
  "--overlap-factor",
  "0.4",
];
const RUNS: Readonly<Record<string, (test: TestContext) => Experiment>> = {
  "lloyd, of groups": (test) =>
    runExperiment(test, SHAPE, ["--algorithm", "lloyd", "--start", "random", "--k-global", "5"]),
  "fkm, with means withheld": (test) =>
    runExperiment(test, SHAPE, [
      "--k-global",
      "5",
      "--start",
      "random",
      "--privacy",
      "threshold",
      "--privacy-threshold",
      "14",
    ]),
  "best-lloyd, of many clusters and clients": (test) =>
    runExperiment(
      test,
      ["--num-clients", "15", "--num-clusters", "16", "--samples-per-client", "100"],
      ["--algorithm", "best-lloyd", "--k-global", "16", "--max-iterations", "4"],
    ),
};

/** The steps that a panel has to show. */
function stepsOf({ rounds }: Experiment, panel: Panel, roundIndex: number, view: View): MeanStep[] {
  const [before, round] = [rounds[roundIndex - 1], rounds[roundIndex]];
  const steps =
    view === "global"
      ? Array.from({ length: round.k }, (_, cluster) => ({
          cluster,
          from: placed(panel, before.positions, cluster),
          to: placed(panel, round.positions, cluster),
        }))
      : round.locals
          .filter(({ client }) => panel.clients.includes(client))
          .flatMap(({ origins, positions }) =>
            origins.flatMap((cluster, i) =>
              cluster === null
                ? []
                : {
                    cluster,
                    from: placed(panel, before.positions, cluster),
                    to: placed(panel, positions, i),
                  },
            ),
          );
  return steps.filter(hasMoved);
}

const arrowsIn = (marks: readonly Mark[], { plot }: Panel): LineMark[] =>
  marks.filter(
    (mark): mark is LineMark =>
      mark.kind === "line" &&
      mark.head !== undefined &&
      mark.stroke === THEMES.light.accent &&
      inside({ x: mark.points[0], y: mark.points[1] }, plot),
  );

/** An arrow from where the step began, or a tick beyond where it ended. */
function shows({ points: [x1, y1, x2, y2] }: LineMark, { from, to }: MeanStep): boolean {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const along = [(to.x - from.x) / length, (to.y - from.y) / length];
  const drawn = Math.hypot(x2 - x1, y2 - y1);
  if (Math.abs((x2 - x1) * along[0] + (y2 - y1) * along[1] - drawn) > 1e-3) return false;
  if (Math.hypot(x1 - from.x, y1 - from.y) < 1e-6) return true;
  const past = [x1 - to.x, y1 - to.y];
  const beyond = past[0] * along[0] + past[1] * along[1];
  return beyond > 0 && beyond < 25 && Math.abs(past[0] * along[1] - past[1] * along[0]) < 1e-3;
}

for (const [name, make] of Object.entries(RUNS)) {
  test(`a run of ${name}: an arrow for every mean that moved in every panel, and no number over a head`, (context) => {
    const experiment = make(context);
    const { panels } = stageOf(experiment, OPTIONS);
    const compose = createComposer(experiment, OPTIONS);
    let nArrows = 0;
    for (const roundIndex of experiment.rounds.keys()) {
      for (const view of ["local", "global"] as const) {
        const marks = marksOf(compose(still(roundIndex, view)));
        for (const panel of panels) {
          const where = `round ${roundIndex}, ${view}, ${panel.title}`;
          const steps = roundIndex === 0 ? [] : stepsOf(experiment, panel, roundIndex, view);
          const arrows = arrowsIn(marks, panel);
          assert.equal(arrows.length, steps.length, where);
          for (const step of steps)
            assert.ok(
              arrows.some((arrow) => shows(arrow, step)),
              `${where}: ${step.cluster}`,
            );
          nArrows += arrows.length;
          checkChips(marks, panel, arrows, where);
        }
      }
    }
    assert.ok(nArrows > 20, `${nArrows} arrows`);
  });
}

function checkChips(
  marks: readonly Mark[],
  { plot }: Panel,
  arrows: readonly LineMark[],
  where: string,
): void {
  const chips = marks.filter((mark): mark is ChipMark => mark.kind === "chip" && inside(mark, plot));
  assert.equal(new Set(chips.map(({ text }) => text)).size, chips.length, `${where}: a number twice`);
  for (const chip of chips) {
    const clear = (x: number, y: number) => Math.hypot(chip.x - x, chip.y - y) - 0.78 * chip.size;
    for (const { points } of arrows) {
      assert.ok(clear(points[2], points[3]) > 1, `${where}: ${chip.text} lies over a head`);
    }
    for (const mark of marks) {
      if (mark.kind === "symbol" && mark.casing !== undefined && mark.stroke !== THEMES.light.accent) {
        assert.ok(clear(mark.x, mark.y) > 0.6 * mark.radius, `${where}: ${chip.text} lies over an outline`);
      }
      if (mark.kind === "chip" && mark !== chip) {
        assert.ok(clear(mark.x, mark.y) > 0.78 * mark.size, `${where}: ${chip.text} lies over a number`);
      }
    }
  }
}
