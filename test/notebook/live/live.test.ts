import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { theSetting } from "#src/errors.js";
import { configure } from "#src/experiment/configuration.js";
import { run } from "#src/experiment/run.js";
import type { Configuration } from "#src/experiment/settings.js";
import type { RunEvent } from "#src/federation/run-event.js";
import { colourOf, textOn } from "#src/markup/palette.js";
import { roughWidth } from "#src/markup/text-width.js";
import { livePicture } from "#src/notebook/live/live-picture.js";
import {
  type LiveState,
  lastLocals,
  liveState,
  observe,
  observeFailure,
  observeRows,
  progressLine,
} from "#src/notebook/live/live-state.js";
import { liveView } from "#src/notebook/live/live-view.js";
import type { Content, Frontend } from "#src/notebook/output/frontend.js";
import type { Matrix } from "#src/numerics/matrix.js";
import { runPython, skipWithoutPython } from "../../support/python.js";
import { temporaryFolder } from "../../support/temporary.js";

const PENGUINS = join(process.cwd(), "data", "penguins");

async function eventsOf(
  logDir: string,
  settings: Partial<Configuration>,
): Promise<[Configuration, RunEvent[]]> {
  const configuration = configure({
    data: PENGUINS,
    labelColumn: "species",
    carrier: "inline",
    logDir,
    ...settings,
  });
  const events: RunEvent[] = [];
  await run(configuration, { onEvent: (event) => events.push(event) });
  return [configuration, events];
}

function after(configuration: Configuration, events: readonly RunEvent[]): LiveState {
  const state = liveState(configuration);
  for (const event of events) observe(state, event);
  return state;
}

test("the progress line follows the run from start to end", async (t) => {
  const [configuration, events] = await eventsOf(temporaryFolder(t), { kGlobal: 3, groupSize: 1 });
  const lines = events.map((_, i) => progressLine(after(configuration, events.slice(0, i + 1))));
  assert.equal(lines[0], "3 clients, 342 rows");
  assert.equal(lines[3], "round 0 of at most 100 · start · 3 clients, 342 rows");
  assert.match(lines[4], /^round 1 of at most 100 · means moved by \d\.\de-\d · 3 clients, 342 rows$/);
  const { metrics } = events.at(-1) as Extract<RunEvent, { type: "evaluation" }>;
  const index = metrics.adjustedRandIndex!.toFixed(3);
  assert.match(
    lines.at(-1)!,
    new RegExp(`^converged after 3 rounds · inertia 381\\.11 .*adjusted Rand index ${index}$`),
  );
  const failed = after(configuration, events.slice(0, 5));
  observeFailure(failed, "interrupted");
  assert.equal(progressLine(failed), "interrupted · stopped after round 1");
});

test("the picture is well-formed, has each global mean once, and draws every client's rows to scale", {
  skip: skipWithoutPython,
}, async (t) => {
  const [configuration, events] = await eventsOf(temporaryFolder(t), {
    kGlobal: 3,
    privacy: "threshold",
    privacyThreshold: 8,
  });
  const svg = livePicture(after(configuration, events));
  const marks = runPython(
    "import sys, xml.etree.ElementTree as E\n" +
      "for e in E.fromstring(sys.stdin.read()).iter(): print(e.tag.split('}')[1], e.get('fill'), e.get('width'), e.get('stroke-dasharray'), e.text, sep='|')",
    [],
    svg,
  )
    .split("\n")
    .map((line) => line.split("|"));
  const numbers = marks.filter(
    ([tag, fill, , , text]) => tag === "text" && /^\d$/.test(text) && fill === textOn(Number(text)),
  );
  // Once on its mean, and on the bars that have room for it: 0 on three islands, 1 on one, 2 on one.
  assert.deepEqual(
    ["0", "1", "2"].map((number) => numbers.filter(([, , , , text]) => text === number).length),
    [4, 2, 2],
  );
  const last = events.filter((event) => event.type === "round").at(-1)!;
  const counts = last.round.locals.flatMap(({ clusters }) => [...clusters.beforeFilter.counts]);
  const withheld = last.round.locals
    .flatMap(({ clusters }) => [...clusters.beforeFilter.sent])
    .filter((sent) => !sent);
  const bars = marks.filter(
    ([tag, fill, , dashes]) => tag === "rect" && (dashes !== "None" || isClusterColour(fill)),
  );
  const widths = bars.map(([, , width]) => Number(width)).filter((width) => width < 700);
  assert.equal(widths.length, counts.length);
  const scale = Math.max(...widths) / Math.max(...counts);
  assert.deepEqual(
    widths.map((width) => Math.round(width / scale)).sort((a, b) => a - b),
    counts.sort((a, b) => a - b),
  );
  assert.equal(bars.filter(([, , , dashes]) => dashes !== "None").length, withheld.length);
  assert.ok(withheld.length > 0);
});

test("the map shows features as they are, components where there are more than two, and one feature on a line", async (t) => {
  const logDir = temporaryFolder(t);
  const [four, events] = await eventsOf(logDir, { kGlobal: 2, groupSize: 1 });
  assert.match(livePicture(after(four, events)), /component 1 \(69 %\) →[\s\S]*↑ component 2 \(19 %\)/);
  // Without components, the first two features.
  const [plain, unprojected] = await eventsOf(logDir, { kGlobal: 2, pca: false });
  assert.equal(
    unprojected.some(({ type }) => type === "pca"),
    false,
  );
  assert.match(livePicture(after(plain, unprojected)), /bill_length_mm →[\s\S]*↑ bill_depth_mm/);
  // Clustered in components, means are drawn as they come.
  const [reduced, inComponents] = await eventsOf(logDir, { kGlobal: 2, pcaComponents: 2 });
  const { means } = (
    inComponents.findLast((event) => event.type === "round") as Extract<RunEvent, { type: "round" }>
  ).round.global;
  const state = after(reduced, inComponents);
  assert.deepEqual(state.rounds.at(-1)!.means.flat(), [...means.data]);
});

test("a run that fails is told of, and names are text and not markup", async (t) => {
  const [configuration, events] = await eventsOf(temporaryFolder(t), { kGlobal: 2 });
  const state = after(configuration, events.slice(0, 1 + events.findIndex(({ type }) => type === "round")));
  state.last!.locals[0].client = "<b>&";
  observeFailure(state, "client <x> is gone");
  const svg = livePicture(state);
  assert.match(svg, /client &lt;x&gt; is gone/);
  assert.match(svg, /&lt;b&gt;&amp;/);
});

test("a picture of 3,000 clients and 3,000 rounds stays small enough to be sent ten times a second", async (t) => {
  const [configuration, events] = await eventsOf(temporaryFolder(t), { kGlobal: 3 });
  const state = after(configuration, events);
  const round = state.last!;
  const [one] = round.locals;
  const locals = Array.from({ length: 3000 }, (_, i) => ({ ...one, client: `client ${i}` }));
  for (let i = 4; i <= 3000; i++)
    observe(state, {
      type: "round",
      round: { ...round, round: i, convergenceChange: 1 / i, locals },
      transform: { normalization: null, projection: null },
    });
  const svg = livePicture(state);
  assert.match(svg, /and 2991 more clients with 499497 rows/);
  assert.ok(svg.length < 100_000, `${svg.length} characters`);
});

test("one output is replaced in place, the last time by how it ended", async (t) => {
  const [configuration, events] = await eventsOf(temporaryFolder(t), { kGlobal: 3, groupSize: 1 });
  const shown: Content[] = [];
  let slots = 0;
  const frontend: Frontend = {
    kind: "tslab",
    newOutput: () => {
      slots += 1;
      return { show: async (content) => void shown.push(content), end() {} };
    },
  };
  const view = liveView(frontend, configuration);
  for (const event of events) view.onEvent(event);
  await view.end();
  assert.equal(slots, 1);
  // Rounds come faster than anybody looks: most are not worth a picture.
  assert.ok(
    shown.length >= 2 && shown.length < events.length,
    `${shown.length} pictures of ${events.length} events`,
  );
  assert.equal(shown[0].text, "3 clients, 342 rows");
  assert.match(shown.at(-1)!.text, /^converged after 3 rounds/);
  assert.equal(shown.at(-1)!.svg, livePicture(after(configuration, events)));
});

function isClusterColour(fill: string): boolean {
  return [0, 1, 2].some((cluster) => colourOf(cluster) === fill);
}

test("what a run fails with names settings as a cell does", async (t) => {
  const [configuration] = await eventsOf(temporaryFolder(t), { maxIterations: 1 });
  const shown: string[] = [];
  const show = async ({ text }: Content) => void shown.push(text);
  const frontend: Frontend = { kind: "deno", newOutput: () => ({ show, end() {} }) };
  await liveView(frontend, configuration).fail(new Error(`${theSetting("kGlobal")} is too large`));
  assert.deepEqual(shown, ["kGlobal is too large"]);
});

test("the movement stands on an axis of powers of ten, and is missing where there are no rounds", async (t) => {
  const logDir = temporaryFolder(t);
  const [configuration, events] = await eventsOf(logDir, { kGlobal: 12, groupSize: 1 });
  const svg = livePicture(after(configuration, events));
  assert.match(svg, /movement of the means by round, log scale/);
  const ticks = [...svg.matchAll(/<text x="397" y="([\d.]+)"[^>]*>([^<]+)</g)].map(([, y, label]) => [
    Number(y),
    Math.log10(Number(label)),
  ]);
  assert.ok(ticks.length >= 2);
  const [[y0, power0], [y1, power1]] = ticks;
  for (const [y, power] of ticks) {
    assert.ok(Number.isInteger(power));
    assert.ok(
      Math.abs((y - y0) / (power - power0 || 1) - (power === power0 ? 0 : (y1 - y0) / (power1 - power0))) <
        0.05,
    );
  }
  const [one, shot] = await eventsOf(logDir, { kGlobal: 3, algorithm: "k-fed", groupSize: 1 });
  const state = after(one, shot);
  assert.match(progressLine(state), /^done in one exchange · inertia /);
  assert.match(livePicture(state), /no rounds: the means come of one exchange/);
});

test("at the start, and in one exchange, local clusters have the colour of the nearest global mean", async (t) => {
  const [configuration, events] = await eventsOf(temporaryFolder(t), {
    kGlobal: 3,
    algorithm: "k-fed",
    groupSize: 1,
  });
  const state = after(configuration, events);
  const { global, locals } = state.last!;
  for (const { cluster, at } of lastLocals({ ...state, projection: null })) {
    const all = locals.flatMap(({ clusters: { means } }) => rowsOf(means));
    const own = all.find((mean) => mean[0] === at[0] && mean[1] === at[1])!;
    const far = rowsOf(global.means).map((mean) =>
      mean.reduce((sum, value, f) => sum + (value - own[f]) ** 2, 0),
    );
    assert.equal(cluster, far.indexOf(Math.min(...far)));
  }
  assert.match(livePicture(state), /rows of each client, by nearest mean/);
});

test("a long error goes on below, whole, with nothing under it where nothing was done", async (t) => {
  const [configuration, events] = await eventsOf(temporaryFolder(t), { kGlobal: 2 });
  const message = `client "Torgersen" did not answer: ${"at least three clients are needed, ".repeat(6)}and two answered`;
  for (const done of [0, 1 + events.findIndex(({ type }) => type === "round")]) {
    const state = after(configuration, events.slice(0, done));
    observeFailure(state, message);
    const svg = livePicture(state);
    const lines = [
      ...svg.matchAll(/<(?:text|tspan)[^>]*font-weight="600" fill="#b00020"[^>]*>([^<]+)</g),
    ].map(([, words]) => words.replaceAll("&quot;", '"'));
    assert.equal(lines.join(" "), message);
    for (const line of lines) assert.ok(roughWidth(line, 13.5) <= 740);
    assert.equal(svg.includes("global means"), done > 0);
  }
});

test("names of any script end before their bars", async (t) => {
  const [configuration, events] = await eventsOf(temporaryFolder(t), { kGlobal: 2, groupSize: 1 });
  const state = after(configuration, events);
  state.last!.locals[0].client = "東京大学医学部附属病院データセット";
  state.last!.locals[1].client = "a rather long name of a hospital in the north of the country";
  const names = [
    ...livePicture(state).matchAll(/<text x="([\d.]+)"[^>]*font-size="11" text-anchor="end"[^>]*>([^<]+)</g),
  ];
  assert.equal(names.length, 3);
  for (const [, x, name] of names) assert.ok(Number(x) - roughWidth(name, 11) >= 366, name);
});

test("once the run is over its rows lie under the means, those of many thinned out evenly", async (t) => {
  const [configuration, events] = await eventsOf(temporaryFolder(t), { kGlobal: 3, groupSize: 1 });
  const shown: Content[] = [];
  const show = async (content: Content) => void shown.push(content);
  const view = liveView({ kind: "deno", newOutput: () => ({ show, end() {} }) }, configuration);
  for (const event of events) view.onEvent(event);
  const [directory] = readdirSync(configuration.logDir);
  await view.end(join(configuration.logDir, directory));
  assert.match(shown.at(-1)!.svg!, /global means over 342 rows/);
  assert.equal(shown.at(-1)!.svg!.match(/h0/g)!.length, 342);
  const state = after(configuration, events);
  const p = state.last!.global.means.nColumns;
  const many = { data: new Float64Array(4000 * p).fill(1), nRows: 4000, nColumns: p };
  observeRows(state, "rows", [many, many]);
  assert.equal(state.rows!.places.length, Math.ceil(8000 / Math.ceil(8000 / 1500)));
  assert.match(livePicture(state), /global means over 1,334 of 8,000 rows/);
});

function rowsOf({ data, nRows, nColumns }: Matrix): number[][] {
  return Array.from({ length: nRows }, (_, i) => [...data.subarray(i * nColumns, (i + 1) * nColumns)]);
}
