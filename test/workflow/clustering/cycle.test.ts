import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { writeNpy } from "#src/directory/npy.js";
import { verify } from "#src/directory/verify.js";
import { resume, run } from "#src/experiment/run.js";
import type { LocalClient } from "#src/federation/client/client.js";
import { describeEvent } from "#src/federation/event-line.js";
import type { ServerOptions } from "#src/federation/server-options.js";
import { randomStream } from "#src/numerics/random.js";
import { outcome } from "#src/report/run-report.js";
import { cycleAt, type Trace } from "#src/workflow/clustering/cycle.js";
import { localClient } from "../../support/clients.js";
import { filesOf, json, promisedBytes } from "../../support/experiment.js";
import { eventsOf, serveInline } from "../../support/federation.js";
import { assertClose, rowsOf } from "../../support/matrices.js";
import { temporaryFolder } from "../../support/temporary.js";

interface Problem {
  seed: number;
  rows: number[][][];
  options: Partial<ServerOptions>;
}

/** Normal rows of few clients, each with many clusters for its rows: means of single rows are withheld. */
function problem(
  algorithm: ServerOptions["algorithm"],
  seed: number,
  clients: number,
  n: number,
  k: number,
): Problem {
  const random = randomStream(seed, "c");
  const rows = Array.from({ length: clients }, () =>
    Array.from({ length: n }, () => [random.normal(), random.normal()]),
  );
  return { seed, rows, options: { algorithm, k, randomState: seed, privacyThreshold: 2, tolerance: 1e-4 } };
}

const clientsOf = ({ rows }: Problem): LocalClient[] =>
  rows.map((part, i) => localClient(`${i}`, part, { threshold: 2 }));

function inertiaOf(rows: readonly number[][], means: readonly number[][]): number {
  const square = (a: number[], b: number[]) => a.reduce((sum, value, f) => sum + (value - b[f]) ** 2, 0);
  return rows.reduce((sum, row) => sum + Math.min(...means.map((mean) => square(row, mean))), 0);
}

/** Seeds of which the runs neither settle, as forty rounds without a tolerance show, nor stay in a longer cycle. */
const CYCLING = [
  ...[2, 15, 17, 23, 29].map((seed) => problem("fkm", seed, 2, 8, 4)),
  problem("lloyd", 0, 10, 30, 8),
  problem("best-lloyd", 8, 3, 10, 5),
];

test("a run whose means come again ends at the round of least inertia, whatever the most rounds allowed", async () => {
  for (const one of CYCLING) {
    const what = `${one.options.algorithm}, seed ${one.seed}`;
    const on = await serveInline(clientsOf(one), { ...one.options, tolerance: -1, maxIterations: 40 });
    const rounds = eventsOf(on, "round").map(({ round }) => rowsOf(round.global.means.data, 2));
    const states = rounds.map((means) => JSON.stringify(means));
    const period = states.length - 1 - states.lastIndexOf(states.at(-1)!, states.length - 2);
    assert.ok(period >= 2 && period <= 4, `${what}: ${period}`);
    const least = Math.min(...rounds.slice(-period).map((means) => inertiaOf(one.rows.flat(), means)));
    const runs = [];
    for (const maxIterations of [37, 38, 39, 40, 1000]) {
      runs.push(await serveInline(clientsOf(one), { ...one.options, maxIterations }));
    }
    for (const events of runs) {
      const [ended] = eventsOf(events, "clustered");
      assert.deepEqual([ended.cycleLength, ended.converged], [period, false], what);
      assert.ok(ended.rounds <= 20, `${what}: ${ended.rounds} rounds`);
      const logged = eventsOf(events, "round");
      assert.equal(logged.length, ended.rounds + 1);
      // Up to its end the run is the one that goes on.
      assert.deepEqual(
        logged.map(({ round }) => JSON.stringify(rowsOf(round.global.means.data, 2))),
        states.slice(0, ended.rounds + 1),
      );
      const [{ metrics, finalMeans }] = eventsOf(events, "evaluation");
      assertClose([metrics.inertia], [least], 1e-12, `${what}: inertia`);
      assert.deepEqual(finalMeans.data, logged.at(-1)!.round.global.means.data);
      assert.equal(
        describeEvent(ended),
        `round ${ended.rounds} is round ${ended.rounds - period} again: a cycle, ended at the round of least inertia`,
      );
    }
  }
});

test("a run that settles, or whose every round is wanted, knows no cycle", async () => {
  const settling = problem("fkm", 0, 2, 8, 4);
  const events = await serveInline(clientsOf(settling), { ...settling.options, maxIterations: 100 });
  const [{ converged, cycleLength }] = eventsOf(events, "clustered");
  assert.deepEqual([converged, cycleLength], [true, null]);
  const all = await serveInline(clientsOf(CYCLING[0]), {
    ...CYCLING[0].options,
    tolerance: -1,
    maxIterations: 33,
  });
  const [ended] = eventsOf(all, "clustered");
  assert.deepEqual([ended.rounds, ended.cycleLength], [33, null]);
});

test("means that only rounding moves settle or are found in a cycle, without a tolerance", async () => {
  const ended = { settled: 0, inCycle: 0 };
  for (let seed = 0; seed < 40; seed++) {
    const random = randomStream(seed, "units in the last place");
    const rows = Array.from({ length: 60 }, () => [0, 0].map(() => 1 + random.integer(12) * Number.EPSILON));
    const start = { data: Float64Array.from(rows.slice(0, 4).flat()), nRows: 4, nColumns: 2 };
    const clients = [0, 20, 40].map((from) => localClient(`${from}`, rows.slice(from, from + 20)));
    const events = await serveInline(clients, { algorithm: "lloyd", k: 4, start, maxIterations: 200 });
    const [{ converged, cycleLength, rounds }] = eventsOf(events, "clustered");
    assert.ok(converged || cycleLength !== null, `seed ${seed}: ${rounds} rounds`);
    ended[converged ? "settled" : "inCycle"] += 1;
  }
  assert.ok(ended.settled > 0 && ended.inCycle > 0, JSON.stringify(ended));
});

const traces = (...rounds: [means: string, inertiaBefore: number | null][]): Trace[] =>
  rounds.map(([means, inertiaBefore]) => ({ means, inertiaBefore }));

test("a cycle is one once its means came again, and where the server draws, once all of it came twice", () => {
  const twice = traces(["s", null], ["a", 9], ["b", 5], ["a", 6], ["b", 5], ["a", 6]);
  // A's inertia is 5, which the replies to it say; b's is 6.
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5].map((round) => cycleAt(twice.slice(0, round + 1), 1)),
    [null, null, null, 2, null, 2],
  );
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5].map((round) => cycleAt(twice.slice(0, round + 1), 2)),
    [null, null, null, null, null, 2],
  );
  // The same means after other ones: draws, and no cycle.
  const drawn = traces(["a", null], ["b", 5], ["a", 6], ["c", 5], ["a", 7]);
  assert.equal(cycleAt(drawn, 2), null);
  // Means that stay are settled, or drawn as they were.
  assert.equal(cycleAt(traces(["a", null], ["a", 5], ["a", 5]), 1), null);
});

test("rounds in which a client was missing tell no cycle", () => {
  for (const missing of [2, 3]) {
    const rounds = traces(["a", null], ["b", 5], ["a", 6], ["b", 5], ["a", 6]);
    rounds[missing] = { ...rounds[missing], inertiaBefore: null };
    assert.equal(cycleAt(rounds.slice(0, 4), 1), null, `round ${missing}`);
    assert.equal(cycleAt(rounds, 2), null, `round ${missing}`);
  }
});

test("a run in a cycle resumes from any round to the same bytes, and its directory says how it ended", async (context) => {
  const one = CYCLING[0];
  const data = temporaryFolder(context);
  for (const [i, rows] of one.rows.entries()) {
    writeFileSync(join(data, `c${i}.npy`), writeNpy({ data: Float64Array.from(rows.flat()), shape: [8, 2] }));
  }
  const settings = { data, kGlobal: 4, privacy: "threshold", carrier: "inline", normalize: false } as const;
  const cycling = [];
  for (let randomState = 0; randomState < 40 && cycling.length < 1; randomState++) {
    const found = await run({ ...settings, randomState, logDir: temporaryFolder(context) });
    if (found.cycleLength !== null) cycling.push({ randomState, found });
  }
  assert.ok(cycling.length > 0);
  for (const { randomState, found } of cycling) {
    assert.match(outcome(found), /^\d+ rounds, ended in a cycle of \d rounds, at the one of least inertia$/);
    const { results, convergence_history } = json(found.experimentDir, "experiment_summary.json");
    assert.deepEqual(
      [results.rounds, results.final_round, results.converged, results.cycle_length],
      [found.rounds, found.rounds, false, found.cycleLength],
    );
    assert.match(
      results.ended,
      /^the means of round \d+ came again: a cycle of \d rounds, of which this one/,
    );
    const cycle = convergence_history.slice(-found.cycleLength!);
    const inertias = cycle.map(({ inertia }: { inertia: number }) => inertia);
    assert.equal(inertias.at(-1), Math.min(...inertias));
    const expected = promisedBytes(found.experimentDir);
    for (let round = 0; round <= found.rounds; round++) {
      const logDir = temporaryFolder(context);
      const stop = new AbortController();
      let directory = "";
      await run(
        { ...settings, randomState, logDir },
        {
          signal: stop.signal,
          onEvent: (event) => {
            if (event.type === "round" && event.round.round === round) stop.abort(new Error("stopped"));
          },
        },
      ).catch((error) => assert.equal(error.message, "stopped"));
      directory = join(logDir, filesOf(logDir)[0].split("/")[0]);
      await resume(directory, { carrier: "inline" });
      assert.deepEqual(promisedBytes(directory), expected, `stopped after round ${round}`);
      assert.equal(verify(directory).runHash, found.runHash);
    }
  }
});
