import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { RunEvent } from "#src/federation/run-event.js";
import * as fk from "#src/index.js";
import { livePicture } from "#src/notebook/live/live-picture.js";
import { type LiveState, liveState, observe, progressLine } from "#src/notebook/live/live-state.js";
import { contentOf } from "#src/notebook/output/display.js";
import { deployPrivatePenguins, PENGUIN_BOUNDS } from "../support/private-penguins.js";
import { removedAfter } from "../support/temporary.js";

/* What a cell is shown of a run under differential privacy. */

const logDir = removedAfter(after);
const bounds = join(logDir, "bounds.csv");
const privately = { privacy: "dp", epsilon: 4, bounds, declaredRows: 340 } as const;
const data = join(process.cwd(), "data", "penguins");
const settings = {
  data,
  labelColumn: "species",
  kGlobal: 3,
  carrier: "inline",
  logDir,
  ...privately,
} as const;

const events: RunEvent[] = [];
let result: fk.RunResult;
before(async () => {
  writeFileSync(bounds, PENGUIN_BOUNDS);
  result = await fk.run(settings, { onEvent: (event) => events.push(event) });
});

function upTo(isLast: (event: RunEvent) => boolean): LiveState {
  const state = liveState({ pcaComponents: null, tolerance: 1e-4, maxIterations: 100 });
  for (const event of events.slice(0, 1 + events.findIndex(isLast))) observe(state, event);
  return state;
}

const isRound = (round: number) => (event: RunEvent) => event.type === "round" && event.round.round === round;

test("the directory verifies, and history has nothing that is withheld", () => {
  assert.equal(fk.verify(result.experimentDir).rounds, result.rounds + 1);
  const rounds = fk.history(result);
  assert.equal(rounds.length, result.rounds + 1);
  assert.ok(rounds.every((round) => round.inertia === null && !("meansWithheld" in round)));
});

test("centroids count rows as they are and as a server knows them, with what noise did to each mean", async () => {
  const { sizes, standardErrors, sizeError } = result.noisySizes!;
  const { sizeError: planned } = await fk.plan(settings);
  assert.ok(Math.abs(sizeError / planned - 1) < 1e-9, `${sizeError} and ${planned}`);
  for (const [c, row] of fk.centroids(result).entries()) {
    assert.equal(row.nSamples, result.metrics.clusterSizes[c]);
    assert.equal(row.nSamplesNoisy, sizes[c]);
    assert.equal(row.nSamplesError, sizeError);
    assert.equal(row.standardError, standardErrors[c]);
  }
});

test("a ledger has what the answers spent, and no local cluster is told of", () => {
  const spent = fk.ledger(result).filter(({ epsilon }) => epsilon !== undefined);
  assert.deepEqual(
    spent.map(({ request, epsilon }) => [request, epsilon!.toFixed(3)]),
    result.clients.map(() => ["clustering/private_sums", "4.000"]),
  );
  assert.throws(() => fk.localClusters(result), /under differential privacy .* only their totals/);
});

test("the progress line counts to the rounds that are planned, and nothing is said to converge", () => {
  const planned = result.rounds;
  assert.match(
    progressLine(upTo(isRound(2))),
    new RegExp(`^round 2 of ${planned} · means moved by .* · 3 clients, 342 rows$`),
  );
  assert.match(
    progressLine(upTo(({ type }) => type === "evaluation")),
    new RegExp(`^${planned} rounds, as planned · of rows: inertia `),
  );
});

test("the picture has noisy rows of each cluster, discs of standard errors, and no tolerance", () => {
  const start = livePicture(upTo(isRound(0)));
  assert.match(start, />known from round 1 on</);
  assert.doesNotMatch(start, /NaN|Infinity|standard errors/);
  const state = upTo(isRound(result.rounds));
  const svg = livePicture(state);
  assert.match(svg, /rows of each cluster, with noise/);
  assert.match(svg, /discs: standard errors by noise/);
  assert.doesNotMatch(svg, /NaN|Infinity|tolerance|of each client/);
  assert.equal(svg.match(/fill-opacity="0.15"/g)?.length, 3);
  for (const size of result.noisySizes!.sizes) assert.ok(svg.includes(`>${size}</text>`), String(size));
});

test("a run of clients elsewhere shows noisy sizes, and no figure that nobody knows", async (t) => {
  const { directory } = await deployPrivatePenguins(t);
  const { text, html } = contentOf(fk.open(directory)) as { text: string; html: string };
  for (const shown of [text, html]) {
    assert.match(shown, /unknown/);
    assert.match(shown, /rows, noisy/);
    assert.match(shown, /\d ± 15\b/);
    assert.doesNotMatch(shown, /NaN|null|undefined|inertia/);
  }
});

test("what is missing or does not go together is named as a cell names it", async () => {
  const { epsilon, bounds: _, declaredRows: __, ...others } = settings;
  const wrong: [object, RegExp][] = [
    [{}, /^epsilon is missing/],
    [{ epsilon }, /^declaredRows is missing/],
    [{ epsilon, declaredRows: 340 }, /^bounds is missing/],
    [{ epsilon: 0, declaredRows: 340, bounds }, /^epsilon must be a number above 0, found 0$/],
    [{ epsilon, declaredRows: 0, bounds }, /^declaredRows must be an integer of at least 1, found 0$/],
    [{ epsilon, declaredRows: 340, bounds, epsilonLimit: 1 }, /^epsilonLimit must be at least epsilon/],
    [{ epsilon, declaredRows: 340, bounds, delta: 0.1 }, /^delta must be/],
    [{ epsilon, declaredRows: 340, bounds: "no.csv" }, /^bounds no\.csv: cannot be read/],
    [{ epsilon, declaredRows: 340, bounds, algorithm: "lloyd" }, /^privacy dp needs algorithm/],
  ];
  for (const [more, message] of wrong) {
    await assert.rejects(fk.run({ ...others, ...more } as fk.RunSettings), (error: Error) => {
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /--|the setting/);
      return true;
    });
  }
  await assert.rejects(
    fk.preview(settings.data, { privacy: "threshold" } as object),
    /^UsageError: privacy must be groups to preview what would leave, found threshold$/,
  );
});

test("runs on the same rows are refused beyond the limit of their budget", async () => {
  const stateDir = join(logDir, "states");
  await fk.run({ ...settings, stateDir });
  const again = await fk.run({ ...settings, stateDir }).catch((error: Error) => error.message);
  assert.match(String(again), /beyond the budget \(epsilonLimit 4, .* have spent epsilon 4/);
});
