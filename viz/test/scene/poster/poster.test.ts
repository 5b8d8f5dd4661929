import assert from "node:assert/strict";
import { test } from "node:test";
import type { Experiment } from "#src/read/experiment.js";
import type { Profile } from "#src/read/profile.js";
import type { Mark } from "#src/scene/marks/marks.js";
import { posterOf } from "#src/scene/poster/poster.js";
import { textWidth } from "#src/scene/text/text-width.js";
import { sampleExperiment } from "../../support/sample.js";
import { marksOf, texts } from "../../support/scene.js";

const LOOK = { theme: "light", title: null, scale: "clustered" } as const;
/** A sheet of A4 across is 297 mm wide, a point is 1/72 inch. */
const POINTS_WIDE = (297 / 25.4) * 72;

function profileOf(k: number): Profile {
  const means = Float64Array.from({ length: 2 * k }, (_, i) => i);
  const order = [0, 1];
  const features = ["width", "a name of a feature that is rather long (in some unit)"];
  return { features, means, k, overall: null, order, isRanked: false, isOriginal: true };
}

const RUNS: [name: string, experiment: Experiment][] = [
  ["1 client", sampleExperiment({ nClients: 1 })],
  ["3 clients", sampleExperiment()],
  ["40 clients", sampleExperiment({ nClients: 40 })],
  ["200 clients", sampleExperiment({ nClients: 200, rowsPerClient: 12 })],
  ["2 clusters", sampleExperiment({ k: 2 })],
  ["60 clusters", sampleExperiment({ k: 60, rowsPerClient: 120 })],
  ["one round", sampleExperiment({ nRounds: 1 })],
  ["100 rounds", sampleExperiment({ nRounds: 100 })],
  ["groups", sampleExperiment({ groups: "drawn" })],
  ["without rows", sampleExperiment({ withRows: false })],
  [
    "no client",
    {
      ...sampleExperiment(),
      clients: [],
      rounds: sampleExperiment().rounds.map((r) => ({ ...r, locals: [] })),
    },
  ],
];

const textMarks = (marks: readonly Mark[]) => marks.flatMap((mark) => (mark.kind === "text" ? [mark] : []));

test("every text is on the page, and at least 6 points high on a sheet of A4", () => {
  for (const [name, experiment] of RUNS) {
    const { scene } = posterOf(experiment, profileOf(experiment.rounds[0].k), LOOK);
    const found = textMarks(marksOf(scene));
    assert.ok(found.length > 20, name);
    for (const mark of found) {
      const { x, y, text, size, weight, align = "left", maxWidth = Infinity, rotated } = mark;
      assert.ok((size * POINTS_WIDE) / scene.width >= 6, `${name}: ${text}`);
      const width = Math.min(maxWidth, textWidth(text, size, weight));
      const before = align === "right" ? width : align === "center" ? width / 2 : 0;
      const [from, to] = rotated ? [y - width + before, y + before] : [x - before, x - before + width];
      const most = rotated ? scene.height : scene.width;
      assert.ok(from >= 0 && to <= most && y > 0 && y < scene.height, `${name}: "${text}" at ${x}, ${y}`);
    }
  }
});

test("a poster has a letter for each of its panels, and none for what there is nothing of", () => {
  const letters = (experiment: Experiment, profile: Profile | null) =>
    texts(posterOf(experiment, profile, LOOK).scene).filter((text) => /^[A-E]$/.test(text));
  assert.deepEqual(letters(sampleExperiment(), profileOf(4)), ["A", "B", "C", "D", "E"]);
  assert.deepEqual(letters(sampleExperiment(), null), ["A", "B", "C", "D"]);
  const single = sampleExperiment({ nRounds: 1 });
  const rounds = single.rounds.map((round) => ({ ...round, change: null }));
  assert.deepEqual(letters({ ...single, rounds }, profileOf(4)), ["A", "C", "E"]);
});

test("the words of a poster are its title, verdict and caption; a title that is given comes first", () => {
  const poster = posterOf(sampleExperiment(), profileOf(4), { ...LOOK, title: "Penguins of three islands" });
  assert.equal(poster.title, "Penguins of three islands");
  assert.equal(texts(poster.scene)[0], "Penguins of three islands");
  const caption = texts(poster.scene).join(" ");
  for (const sentence of poster.description.split(/(?<=\.) /))
    assert.ok(caption.includes(sentence), sentence);
});

test("arrows in the rounds lead from the means of the round before", () => {
  const experiment = sampleExperiment();
  const { scene } = posterOf(experiment, null, LOOK);
  const arrows = marksOf(scene).filter((mark) => mark.kind === "line" && mark.head !== undefined);
  // Three rounds after the first, four means each.
  assert.equal(arrows.length, 12);
});
