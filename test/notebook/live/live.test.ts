import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { theSetting } from "#src/errors.js";
import { configure } from "#src/experiment/configuration.js";
import { run } from "#src/experiment/run.js";
import type { Configuration } from "#src/experiment/settings.js";
import type { RunEvent } from "#src/federation/run-event.js";
import { colourOf } from "#src/markup/palette.js";
import { livePicture } from "#src/notebook/live/live-picture.js";
import {
  type LiveState,
  liveState,
  observe,
  observeFailure,
  progressLine,
} from "#src/notebook/live/live-state.js";
import { liveView } from "#src/notebook/live/live-view.js";
import type { Content, Frontend } from "#src/notebook/output/frontend.js";
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
    ([tag, fill, , , text]) => tag === "text" && fill === "#fff" && /^\d$/.test(text),
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
