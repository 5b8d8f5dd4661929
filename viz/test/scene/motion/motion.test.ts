import assert from "node:assert/strict";
import { test } from "node:test";
import type { Experiment } from "#src/read/experiment.js";
import type { Frame, Step } from "#src/scene/frames/frame.js";
import { stepsOf } from "#src/scene/frames/steps.js";
import type { Mark, Scene, SymbolMark } from "#src/scene/marks/marks.js";
import { wholeLayoutOf } from "#src/scene/motion/layout.js";
import { createComposer } from "#src/scene/scene.js";
import { moving, sampleExperiment } from "../../support/sample.js";
import { marksOf, OPTIONS, texts } from "../../support/scene.js";

/** What a sample has: withheld means, a client without a mean of cluster 0, a start of the clients' own or the server's. */
const SAMPLES: readonly [name: string, Experiment][] = [
  ["start at the clients", sampleExperiment({ clientStart: true, nRounds: 3 })],
  ["start at the server", sampleExperiment({ nRounds: 3 })],
  ["groups", sampleExperiment({ groups: "drawn", clientStart: true, nRounds: 3 })],
  ["many clients", sampleExperiment({ nClients: 20, rowsPerClient: 12, nRounds: 2, clientStart: true })],
];

const card = (name: "title" | "closing", roundIndex: number, progress: number): Frame => ({
  kind: "card",
  card: name,
  roundIndex,
  progress,
  name: "card",
});

/** Every step of every round, and both cards, each in so many frames. */
function course(experiment: Experiment, perStep: number): Frame[] {
  const times = Array.from({ length: perStep + 1 }, (_, i) => i / perStep);
  const last = experiment.rounds.length - 1;
  return [
    ...times.map((progress) => card("title", 0, progress)),
    ...experiment.rounds.flatMap((_, round) =>
      stepsOf(experiment, round).flatMap(({ step }) =>
        times.map((progress) => moving(round, step, progress)),
      ),
    ),
    ...times.map((progress) => card("closing", last, progress)),
  ];
}

interface Seen {
  readonly x: number;
  readonly y: number;
  readonly look: string;
  readonly radius: number;
  readonly opacity: number;
}

/** Symbols and numbers that can be seen. */
function seen({ layers }: Scene): Seen[] {
  return layers.flatMap(({ marks, opacity: ofLayer }) =>
    marks.flatMap((mark: Mark): Seen[] => {
      if (mark.kind !== "symbol" && mark.kind !== "chip") return [];
      const { x, y } = mark;
      const opacity = ofLayer * (mark.opacity ?? 1);
      const radius = mark.kind === "chip" ? mark.size : mark.radius;
      const look = mark.kind === "chip" ? mark.text : lookOf(mark);
      return [{ x, y, look, radius, opacity }];
    }),
  );
}

function lookOf({ shape, fill, stroke }: SymbolMark): string {
  return `${shape} ${fill} ${stroke}`;
}

/** What `there` has that `here` has nothing like nearby, unless it is as good as invisible. */
function strangers(here: readonly Seen[], there: readonly Seen[], bound: number): Seen[] {
  return there.filter(({ x, y, look, radius, opacity }) => {
    if (opacity <= 0.12 || radius <= 1.2) return false;
    return !here.some(
      (other) =>
        (other.look === look &&
          Math.hypot(other.x - x, other.y - y) <= bound &&
          Math.abs(other.opacity - opacity) <= 0.15) ||
        // Whatever is wholly below something else is not seen.
        (other.opacity === 1 && Math.hypot(other.x - x, other.y - y) + radius <= other.radius),
    );
  });
}

for (const [name, experiment] of SAMPLES) {
  test(`nothing appears, goes or jumps: ${name}`, () => {
    const compose = createComposer(experiment, OPTIONS);
    const perStep = 40;
    // The longest way is across the picture, at three times the mean speed and sooner by what sets out late.
    const bound = (1.3 * 3 * Math.hypot(1280, 720)) / perStep;
    let before: Seen[] | null = null;
    for (const frame of course(experiment, perStep)) {
      const now = seen(compose(frame));
      const at = JSON.stringify({ ...frame, name: undefined });
      if (before !== null) {
        assert.deepEqual(strangers(before, now, bound), [], `appears: ${at}`);
        assert.deepEqual(strangers(now, before, bound), [], `is gone: ${at}`);
      }
      before = now;
    }
  });

  test(`where a step ends the next begins: ${name}`, () => {
    const compose = createComposer(experiment, OPTIONS);
    const steps = experiment.rounds.flatMap((_, round) =>
      stepsOf(experiment, round).map(({ step }): [number, Step] => [round, step]),
    );
    for (let i = 1; i < steps.length; i++) {
      const end = seen(compose(moving(...steps[i - 1], 1)));
      const begin = seen(compose(moving(...steps[i], 0)));
      // Only the last place of all chips and curves may differ by rounding.
      assert.deepEqual(strangers(end, begin, 1e-6), [], `${steps[i]} begins`);
      assert.deepEqual(strangers(begin, end, 1e-6), [], `${steps[i - 1]} ends`);
    }
  });

  test(`clients, server, clusters, curves and the run's progress are in every frame: ${name}`, () => {
    const compose = createComposer(experiment, OPTIONS);
    for (const frame of course(experiment, 2)) {
      const scene = compose(frame);
      const said = texts(scene);
      for (const title of ["Server", "Means moved by", "mean"]) assert.ok(said.includes(title), title);
      const some = experiment.clients.filter((client) => said.some((text) => text.endsWith(client.name)));
      assert.ok(some.length >= Math.min(11, experiment.clients.length));
      assert.equal(scene.layers[0].key, "whole/standing");
      assert.equal(scene.layers[0].opacity, 1);
      const points = marksOf(scene).filter(({ kind }) => kind === "points");
      assert.ok(points.length >= Math.min(12, experiment.clients.length));
    }
  });
}

test("local means go from their client's panel to the server's, on lines as wide as their rows", () => {
  const experiment = sampleExperiment({ clientStart: true });
  const { panels, server } = wholeLayoutOf(1280, 720, 3, 1.2);
  const compose = createComposer(experiment, OPTIONS);
  const lines = marksOf(compose(moving(1, "collect", 0.5))).flatMap((mark) =>
    mark.kind === "line" && mark.points.length > 10 && mark.opacity !== undefined ? [mark] : [],
  );
  const sent = experiment.rounds[1].locals.flatMap(({ counts }) => counts);
  assert.ok(lines.length > sent.length / 2);
  const widths = [...new Set(lines.map(({ width }) => width))].sort((a, b) => a - b);
  const counts = [...new Set(sent)].sort((a, b) => a - b);
  assert.deepEqual(
    widths.map((width) => width / widths[0]).map(rounded),
    counts.map((n) => rounded(n / counts[0])),
  );
  const right = Math.max(...panels.map(({ x, width }) => x + width));
  const times = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
  const under = times
    .flatMap((time) => seen(compose(moving(1, "collect", time))))
    .filter(({ x }) => x > right && x < server.x);
  assert.ok(under.length > 0, "some means are between clients and server");
});

function rounded(value: number): number {
  return Math.round(1e6 * value) / 1e6;
}

test("the run's end says how it ended, with its scores; a part of it does not", () => {
  const experiment = sampleExperiment();
  const end = (roundIndex: number) =>
    texts(createComposer(experiment, OPTIONS)(card("closing", roundIndex, 1))).join("|");
  assert.match(end(3), /The global means have settled/);
  assert.match(end(3), /Adjusted Rand index/);
  assert.doesNotMatch(end(2), /settled|Adjusted Rand index/);
});

test("every text of every shape of picture has 11 units or more, and every part is inside the picture", () => {
  for (const [width, height] of [
    [1920, 1080],
    [1080, 1080],
    [720, 1280],
    [1280, 720],
  ]) {
    for (const nClients of [1, 3, 8, 40]) {
      const experiment = sampleExperiment({ nClients, rowsPerClient: 20, nRounds: 2, clientStart: true });
      const layout = wholeLayoutOf(width, height, Math.min(12, nClients), 1.2);
      const parts = [
        ...layout.panels,
        layout.server,
        layout.sidebar,
        layout.sizes,
        ...layout.charts,
        layout.bar,
      ];
      for (const { x, y, width: w, height: h } of parts) {
        assert.ok(x >= 0 && y >= 0 && w > 0 && h > 0 && x + w <= layout.width && y + h <= layout.height);
      }
      const compose = createComposer(experiment, { ...OPTIONS, width, height });
      for (const frame of [moving(1, "update", 1), moving(1, "aggregate", 1)]) {
        for (const mark of marksOf(compose(frame))) {
          if (mark.kind === "chip") assert.ok(mark.size >= 11);
        }
      }
    }
  }
});

test("a title asked for is on the first card and stays", () => {
  const compose = createComposer(sampleExperiment(), { ...OPTIONS, title: "Penguins" });
  assert.ok(texts(compose(card("title", 0, 0))).includes("Penguins"));
  assert.ok(texts(compose(moving(1, "update", 0.5))).some((text) => text.startsWith("Penguins")));
});

test("of a server alone its means move in a panel of its own", () => {
  const sample = sampleExperiment();
  const rounds = sample.rounds.map((round) => ({ ...round, locals: [], areLocalsRecorded: false }));
  const experiment = { ...sample, clients: [], rounds };
  assert.deepEqual(
    stepsOf(experiment, 1).map(({ step }) => step),
    ["aggregate"],
  );
  for (const frame of course(experiment, 2)) {
    const scene = createComposer(experiment, OPTIONS)(frame);
    assert.equal(texts(scene).filter((text) => text === "Server").length, 1);
    if (frame.roundIndex > 0) assert.ok(seen(scene).length >= experiment.rounds[0].k);
  }
});
