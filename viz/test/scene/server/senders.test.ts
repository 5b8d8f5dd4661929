import assert from "node:assert/strict";
import { test } from "node:test";
import type { Experiment, LocalFacts } from "#src/read/experiment.js";
import type { Mark, RectMark, TextMark } from "#src/scene/marks/marks.js";
import { clusterStyle, THEMES } from "#src/scene/marks/theme.js";
import { sendersMarks } from "#src/scene/server/senders.js";
import { stageOf } from "#src/scene/stage/stage.js";
import { clientTitle } from "#src/scene/text/names.js";
import { sampleExperiment } from "../../support/sample.js";
import { near, OPTIONS } from "../../support/scene.js";

const ROUND = 2;

function listOf(experiment: Experiment, options = OPTIONS): Mark[] {
  return sendersMarks(stageOf(experiment, options), experiment.rounds[ROUND]);
}

const textsOf = (marks: readonly Mark[]): TextMark[] =>
  marks.filter((mark): mark is TextMark => mark.kind === "text");
const said = (marks: readonly Mark[]): string[] => textsOf(marks).map(({ text }) => text);
const partsOf = (marks: readonly Mark[]): RectMark[] =>
  marks.slice(1).filter((mark): mark is RectMark => mark.kind === "rect" && mark.fill !== THEMES.light.grid);
const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);
const sentOf = ({ counts }: LocalFacts): number => sumOf(counts);

/** The sample with other locals in the round that is drawn. */
function withLocals(sample: Experiment, locals: readonly LocalFacts[]): Experiment {
  return {
    ...sample,
    rounds: sample.rounds.map((round, i) => (i === ROUND ? { ...round, locals } : round)),
  };
}

test("each client has a bar of what it sent by cluster and of what it withheld, which is hollow, with all numbers", () => {
  const experiment = sampleExperiment();
  const { locals } = experiment.rounds[ROUND];
  const marks = listOf(experiment);
  const numbers = textsOf(marks)
    .filter(({ text, align }) => /^\d+$/.test(text) && align !== "right")
    .map(({ text }) => text);
  assert.deepEqual(
    numbers.map(Number),
    locals.flatMap(({ counts, withheld }) => [...counts, ...withheld.map(({ count }) => count)]),
  );
  // Lengths in proportion to the numbers, each bar as long as the others.
  const bars = marks.filter(
    (mark): mark is RectMark => mark.kind === "rect" && mark.fill === THEMES.light.grid,
  );
  const tops = bars.map(({ y }) => y);
  assert.equal(tops.length, 3);
  tops.forEach((top, client) => {
    const parts = partsOf(marks).filter(({ y }) => Math.abs(y - top) < 1);
    const { counts, targets, withheld } = locals[client];
    const all = [...counts, withheld[0].count];
    const length = sumOf(parts.map(({ width }) => width));
    parts.forEach(({ width }, i) => {
      assert.ok(Math.abs(width / length - all[i] / sumOf(all)) < 0.01);
    });
    assert.deepEqual(
      parts.map(({ fill, stroke }) => stroke ?? fill),
      [...targets, 3].map((cluster) => clusterStyle(cluster).color),
    );
    assert.deepEqual(
      parts.map(({ stroke }) => stroke !== undefined),
      all.map((_, i) => i === counts.length),
    );
  });
  assert.ok(said(marks).includes("8 local means, 3 withheld"));
  assert.ok(said(marks).includes("20 of 60 rows"));
});

test("rows of several means of one client that go into one cluster are one part of its bar", () => {
  const sample = sampleExperiment({ nClients: 1 });
  const local = { ...sample.rounds[ROUND].locals[0], targets: [1, 1], withheld: [] };
  const marks = listOf(withLocals(sample, [local]));
  assert.equal(partsOf(marks).length, 1);
  assert.ok(said(marks).includes(String(sentOf(local))));
});

test("a client that took no part is there with the reason, one whose reason is unknown without", () => {
  const sample = sampleExperiment();
  const rounds = sample.rounds.map((round) => ({
    ...round,
    locals: round.locals.slice(2),
    dropped: [{ client: "client 0", reason: "no reply in 30 s" }],
  }));
  const texts = said(listOf({ ...sample, rounds }));
  assert.ok(texts.includes("client 0") && texts.includes("no reply in 30 s"));
  assert.equal(texts.filter((text) => text === "took no part").length, 2);
});

for (const [nClients, nEntries] of [
  [12, 12],
  [13, 13],
  [40, 40],
  [41, 12],
  [200, 12],
]) {
  test(`of ${nClients} clients ${nEntries} have an entry, whose rows add up to all that were sent`, () => {
    const experiment = sampleExperiment({ nClients, rowsPerClient: 8 });
    const stage = stageOf(experiment, OPTIONS);
    const marks = listOf(experiment);
    const { senders } = stage.layout;
    const names = textsOf(marks)
      .filter(({ text, align, y }) => align !== "right" && /[a-z]/i.test(text) && y > senders.y + 24)
      .map(({ text }) => text);
    assert.equal(names.length, nEntries);
    const titles = experiment.clients.map(({ name }) => clientTitle(name));
    assert.deepEqual(names, nClients > nEntries ? stage.panels.map(({ title }) => title) : titles);
    const rows = textsOf(marks)
      .filter(({ align, y }) => align === "right" && y > senders.y + 24)
      .map(({ text }) => Number(/^[\d,]+/.exec(text)![0].replaceAll(",", "")));
    assert.equal(rows.length, nEntries);
    assert.equal(sumOf(rows), sumOf(experiment.rounds[ROUND].locals.map(sentOf)));
    // Lines do not overlap, and are inside.
    const lines = [...new Set(textsOf(marks).map(({ y }) => y))].sort((a, b) => a - b);
    for (let i = 1; i < lines.length; i++)
      assert.ok(lines[i] - lines[i - 1] > 11, `${lines[i - 1]}, ${lines[i]}`);
    assert.ok(lines.at(-1)! < senders.y + senders.height);
  });
}

test("those without an entry of their own that took no part are named with their reasons", () => {
  const sample = sampleExperiment({ nClients: 60, rowsPerClient: 8 });
  // The smallest clients share the last entry.
  const rounds = sample.rounds.map((round) => ({
    ...round,
    locals: round.locals.slice(1),
    dropped: [{ client: "client 0", reason: "timed out" }],
  }));
  const texts = said(listOf({ ...sample, rounds }));
  assert.ok(texts.includes("without client 0: timed out"));
  assert.ok(texts.some((text) => /rows, 1 missing$/.test(text)));
});

test("names are cut last: groups go first, then words", () => {
  const sample = sampleExperiment({ groups: "behind rows" });
  const names = ["Oslo", "The Royal Infirmary of Edinbu"];
  const clients = sample.clients.map((client, i) => ({ ...client, name: names[i] ?? client.name }));
  const marks = listOf({ ...sample, clients });
  const rightOf = (name: string) => {
    const { y } = textsOf(marks).find(({ text }) => text === name)!;
    return textsOf(marks).find((mark) => near(mark.y, y) && mark.align === "right")!.text;
  };
  assert.match(rightOf("Oslo"), /rows, 60 groups$/);
  assert.match(rightOf(names[1]), /^\d+$/);
});

test("before anything was sent clients have their rows and no bar; without clients there is nobody", () => {
  const sample = sampleExperiment();
  const marks = sendersMarks(stageOf(sample, OPTIONS), sample.rounds[0]);
  assert.equal(partsOf(marks).length, 0);
  assert.ok(said(marks).includes("nothing sent yet") && said(marks).includes("60 rows"));
  const nobody = { ...sample, clients: [], rounds: sample.rounds.map((round) => ({ ...round, locals: [] })) };
  assert.deepEqual(said(listOf(nobody)), ["From", "nothing sent yet"]);
});
