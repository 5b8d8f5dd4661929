import assert from "node:assert/strict";
import { test } from "node:test";
import type { ServerOptions } from "#src/federation/server-options.js";
import { randomStream } from "#src/numerics/random.js";
import { groupRows } from "#src/privacy/groups.js";
import { groupsPolicy } from "#src/privacy/policy.js";
import { aboutFeatures } from "#src/workflow/features.js";
import { handshakeRequest } from "#src/workflow/handshake.js";
import { pointsBySums } from "../support/attacks/active.js";
import { clientUnder, columnsOf, overhear } from "../support/attacks/conversation.js";
import { attackedData } from "../support/attacks/data.js";
import { knowledgeOf, rawSum } from "../support/attacks/knowledge.js";
import { type Functional, leastSum, solvedRows, sumOf } from "../support/attacks/span.js";
import { functionalOf, taggedClient } from "../support/attacks/tagged.js";
import { leastAlike } from "../support/attacks/told-apart.js";
import { drawRows } from "../support/site.js";

/*
 * A server that asks for some of a client's columns, or for all in another order, from run to run: groups are of all of
 * them, so that each run is about the same points.
 */

const SIZES = [2, 5, 10];

/** Places of columns as they are asked for: all in another order, all but one, and one alone. */
function choices(nColumns: number): number[][] {
  const all = Array.from({ length: nColumns }, (_, j) => j);
  return [[...all].reverse(), [...all.slice(2), all[0]], [nColumns - 1]];
}

/** Rows behind each place of points, in steps of a thousandth of what tells values apart. */
function rowsByPlace(points: readonly (readonly [readonly number[], number])[], steps: readonly number[]) {
  const places = new Map<string, number>();
  for (const [values, rows] of points) {
    const place = values.map((x, j) => Math.round((x / steps[j]) * 1e3 + 0.1) + 0).join();
    places.set(place, (places.get(place) ?? 0) + rows);
  }
  return [...places].sort();
}

test("by sums of some columns, or in another order, a server gets the points' values in these, and no others", () => {
  let compared = 0;
  for (const { name, clients, columns } of attackedData()) {
    const names = columnsOf(columns.length);
    for (const attacked of clients) {
      const reach = 1 + Math.max(...attacked.rows.map((row) => Math.hypot(...row)));
      for (const size of SIZES) {
        const client = clientUnder(groupsPolicy(size), attacked);
        if (client.local.nPoints === 0) continue;
        const { data, nRows, nColumns: d } = client.raw();
        const weights = client.weights!;
        for (const places of choices(d)) {
          const asked = places.map((j) => names[j]);
          const of = { nColumns: places.length, reach, least: size };
          const found = pointsBySums((request) => client.answer(aboutFeatures(request, asked)), of);
          const truth = Array.from(
            { length: nRows },
            (_, g) => [places.map((j) => data[g * d + j]), weights[g]] as const,
          );
          const steps = places.map((j) => columns[j].step);
          assert.deepEqual(
            rowsByPlace(
              found.map(({ values, rows }) => [values, rows]),
              steps,
            ),
            rowsByPlace(truth, steps),
            `${name}, ${attacked.name}, groups of ${size}, ${asked}`,
          );
          compared += 1;
        }
      }
    }
  }
  assert.ok(compared > 150);
});

const TAGGED = [taggedClient("a", 40), taggedClient("b", 40)];
const N_COLUMNS = TAGGED[0].rows[0].length;
const NAMES = columnsOf(N_COLUMNS);

/** Columns to ask for: some or none of those that are no tags, and all tags, in an order of the seed's. */
function askedBy(seed: number): string[] {
  const kept = NAMES.filter((_, j) => j >= 2 || Math.floor(seed / 2 ** j) % 2 === 0);
  return randomStream(seed, "columns").shuffle(kept);
}

/** A sum of some columns as a sum of rows. */
function functionalIn(sum: readonly number[], features: readonly string[] | null): Functional {
  const full = new Array<number>(N_COLUMNS).fill(0);
  (features ?? NAMES).forEach((name, i) => {
    full[NAMES.indexOf(name)] = sum[i];
  });
  return functionalOf(full);
}

/** All sums of the first client's rows that are heard in runs about different columns, of every algorithm. */
async function heardByColumns(size: number): Promise<Functional[]> {
  const clients = TAGGED.map((client) => clientUnder(groupsPolicy(size), client));
  const functionals = new Map<string, Functional>();
  const add = (sum: readonly number[], features: readonly string[] | null) => {
    const functional = functionalIn(sum, features);
    functionals.set([...functional.keys()].sort((a, b) => a - b).join(), functional);
  };
  for (let seed = 0; seed < 4; seed++) {
    const algorithm = (["fkm", "lloyd", "best-lloyd", "k-fed"] as const)[seed % 4];
    const features = askedBy(seed);
    const options: Partial<ServerOptions> = { algorithm, features, randomState: seed, k: 3, restarts: 2 };
    const heard = (await overhear(clients, options)).get("a")!;
    const { partitions } = knowledgeOf(heard, N_COLUMNS);
    const about = partitions.filter((partition) => partition.features?.join() === features.join());
    assert.ok(about.length > 2, `${about.length} exchanges about ${features.length} columns`);
    for (const { cells, transform, features: asked } of partitions) {
      for (const cell of cells) {
        const sum = rawSum(cell, transform);
        if (sum !== null) add(sum, asked);
      }
    }
  }
  // And of a server that wants larger groups for some columns than for others.
  for (let seed = 0; seed < 4; seed++) {
    const asked = askedBy(seed);
    const wanted = { mode: "groups", groupSize: size + seed, privacyThreshold: 1 } as const;
    if (size > 1) clients[0].answer(aboutFeatures(handshakeRequest(wanted), asked));
    const of = { nColumns: asked.length, reach: 100, least: size };
    const found = pointsBySums((request) => clients[0].answer(aboutFeatures(request, asked)), of);
    for (const { values, rows } of found)
      add(
        values.map((x) => x * rows),
        asked,
      );
  }
  return [...functionals.values()];
}

test("no sum of fewer rows than a group's follows from all runs about different columns together; of rows, single ones", async () => {
  for (const size of SIZES) {
    const functionals = await heardByColumns(size);
    assert.ok(functionals.length > (size < 10 ? 5 : 3), `${functionals.length} sums`);
    assert.equal(leastSum(functionals, size), null, `groups of ${size}`);
  }
  assert.equal(leastSum(await heardByColumns(1), 2)?.length, 1);
});

test("rows of the scatter matrices that leave tell no fewer rows apart than a group's; of rows, each", async () => {
  for (const size of [1, ...SIZES]) {
    const tags: number[][] = [];
    for (const [seed, normalize] of [true, false, true].entries()) {
      const clients = TAGGED.map((client) => clientUnder(groupsPolicy(size), client));
      const heard = await overhear(clients, { features: askedBy(seed), normalize, k: 3, maxIterations: 1 });
      const { products } = knowledgeOf(heard.get("a")!, N_COLUMNS);
      for (const { values, features } of products) {
        tags.push(NAMES.slice(2).map((name) => values[features!.indexOf(name)]));
      }
    }
    assert.ok(tags.length > 3 * TAGGED[0].rows.length, `${tags.length} rows of scatter matrices`);
    const least = leastAlike(tags);
    assert.ok(size === 1 ? least === 1 : least >= size, `groups of ${size}: ${least} rows told apart`);
  }
});

test("without the rule that groups are of all columns, whichever a run is about: most rows follow", () => {
  const [nRows, nColumns] = [30, 7];
  const rows = drawRows(8, nRows, nColumns);
  for (const size of SIZES) {
    const functionals: Functional[] = [];
    for (let choice = 1; choice < 2 ** nColumns; choice++) {
      const places = Array.from({ length: nColumns }, (_, j) => j).filter((j) => (choice >> j) % 2 === 1);
      const data = Float64Array.from(rows.flatMap((row) => places.map((j) => row[j])));
      const groups = groupRows({ data, nRows, nColumns: places.length }, null, size);
      for (let g = 0; g + 1 < groups.starts.length; g++)
        functionals.push(sumOf(groups.rows.subarray(groups.starts[g], groups.starts[g + 1])));
    }
    assert.ok(solvedRows(functionals).length > nRows / 2, `groups of ${size}`);
  }
});
