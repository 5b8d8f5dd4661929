import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeState } from "#src/federation/client/make-state.js";
import { openState } from "#src/federation/client/state-folder.js";
import { kMeans } from "#src/numerics/k-means.js";
import { moments } from "#src/numerics/moments.js";
import { nearestCentroids } from "#src/numerics/nearest-centroids.js";
import { randomStream } from "#src/numerics/random.js";
import { pointsAt } from "#src/privacy/stored-groups.js";
import { drawRows, fewestRows, follows, hashed, nameOf, type Row, Site } from "../support/site.js";
import { GROUPS, partition } from "../support/state.js";
import { temporaryFolder } from "../support/temporary.js";

/** All penguins that differ, in an order that the seed draws. */
function penguins(seed: number): Row[] {
  const lines = ["Biscoe", "Dream", "Torgersen"].flatMap((island) =>
    readFileSync(join("data", "penguins", `${island}.csv`), "utf8")
      .trim()
      .split("\n")
      .slice(1),
  );
  const rows = lines.map((line) => line.split(",").slice(0, 4));
  const different = [...new Set(rows.map((row) => row.join()))].map((row) => row.split(",").map(Number));
  const random = randomStream(seed, "penguins");
  const keyed = different.map((row) => ({ row, key: random.uniform() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ row }) => row);
}

/** Sum of squares of rows about the means that k-means finds of a site's points, each feature over its deviation. */
function inertiaOnRows({ state }: Site, rows: readonly Row[], k: number): number {
  const d = rows[0].length;
  const data = Float64Array.from(rows.flat());
  const scales = moments(data, d, null).centeredSquaredSums.map((sum) => Math.sqrt(sum / rows.length));
  const scaled = (values: Float64Array) => values.map((x, i) => x / scales[i % d]);
  const { points, weights } = pointsAt(state, state.version);
  const effort = { maxIterations: 300, tolerance: 0, restarts: 20 };
  const { means } = kMeans(scaled(points.data), d, k, weights, effort, randomStream(1, "growth"));
  const all = scaled(data);
  return nearestCentroids(all, d, means).reduce((sum, label, i) => {
    let squares = 0;
    for (let j = 0; j < d; j++) squares += (all[i * d + j] - means[label * d + j]) ** 2;
    return sum + squares;
  }, 0);
}

/** Twenty rows, and three more a week for a year. */
const WEEKS = Array.from({ length: 53 }, (_, week) => 20 + 3 * week);

test("a site that grows for a year clusters its rows within 5 % as well as if they were grouped at once", () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const rows = penguins(seed).slice(0, WEEKS.at(-1));
    const grown = new Site({}, 4);
    for (const count of WEEKS) grown.bring(rows.slice(0, count));
    assert.ok(grown.state.batches.length > 6);
    assert.ok(grown.taking().length > rows.length - 20);
    const once = new Site({}, 4);
    once.bring(rows);
    const ratio = inertiaOnRows(grown, rows, 3) / inertiaOnRows(once, rows, 3);
    assert.ok(ratio < 1.05, `${ratio} of the inertia, seed ${seed}`);
    assert.ok(fewestRows(grown.released.values()) >= 5);
  }
});

test("a site whose rows come, go, are corrected and come in parts never lets a sum of few rows follow", () => {
  const rows = penguins(6);
  const site = new Site({}, 4);
  const bring = (part: readonly Row[]) => site.bring(part, { mayRetireMost: true });
  bring(rows.slice(0, 100));
  bring(rows.slice(0, 150));
  // The last quarter alone, then files that overlap it, then all there is.
  bring(rows.slice(75, 150));
  bring(rows.slice(60, 200));
  bring(rows.slice(0, 250));
  for (let week = 0; week < 40; week++) {
    const corrected = rows.map((row, i) => (i % 41 <= week ? [row[0] + 0.1, ...row.slice(1)] : row));
    bring(corrected.filter((_, i) => (i * 7 + week) % 50 !== 0));
  }
  assert.ok(site.released.size > 40, `${site.released.size} groups`);
  assert.ok(fewestRows(site.released.values()) >= 5);
});

/** People of whom each has a birthday, and the last column is the age: who was with whom in two years of weeks. */
function birthdays(people: readonly Row[], hashOf: (row: Row) => string): string[][] {
  const random = randomStream(1, "birthdays");
  const birthday = people.map(() => Math.floor(52 * random.uniform()));
  const site = new Site({}, people[0].length);
  const personOf = new Map<string, string>();
  for (let week = 0; week <= 104; week++) {
    const rows = people.map((person, i) => [
      ...person.slice(0, -1),
      person.at(-1)! + Math.floor((week + 51 - birthday[i]) / 52),
    ]);
    for (const [i, row] of rows.entries()) personOf.set(hashOf(row), `person ${i}`);
    site.bring({ ...hashed(rows), hashes: rows.map(hashOf) }, { mayRetireMost: true });
  }
  return [...site.released.values()].map((group) => group.map((hash) => personOf.get(hash)!));
}

test("a column that moves on, as an age does, brings nobody's other columns into a second partition", () => {
  const people = drawRows(1, 60, 3);
  // Of the second half of a penguin's columns, mass and age, many have equals.
  for (const all of [
    people,
    penguins(7)
      .slice(0, 60)
      .map((penguin) => [...penguin, 1]),
  ]) {
    const released = birthdays(all, nameOf);
    assert.ok(released.length > 4);
    assert.ok(fewestRows(released) >= 5);
  }
  // Hashes that tell nothing of half a row let people in again and again, until some follow.
  const blind = birthdays(people, (row) =>
    createHash("sha512").update(row.join(" ")).digest("hex").slice(0, 100),
  );
  assert.ok(fewestRows(blind) < 5);
  const found = Array.from({ length: 60 }, (_, i) => `person ${i}`).filter((one) => follows([one], blind));
  assert.ok(found.length > 0, "nobody is found");
});

/** Who was with whom in the groups of a state folder in three years of weeks, as columns grow by one on a day a year. */
async function anniversaries(
  folder: string,
  people: readonly Row[],
  moving: readonly number[],
): Promise<string[][]> {
  const random = randomStream(2, "anniversaries");
  const day = people.map(() => Math.floor(52 * random.uniform()));
  const released = new Map<string, string[]>();
  for (let week = 0; week <= 156; week++) {
    const years = day.map((one) => Math.floor((week + 51 - one) / 52));
    const rows = partition(
      people.map((person, i) => person.map((x, j) => x + (moving.includes(j) ? years[i] : 0))),
    );
    if (week === 0) await makeState(folder, rows, GROUPS);
    const state = openState(folder);
    await state.update(rows, { mayRetireMost: true });
    const { rows: members, starts } = state.groupsIn(rows).groups;
    for (let g = 0; g + 1 < starts.length; g++) {
      const group = Array.from(members.subarray(starts[g], starts[g + 1]), String).sort();
      released.set(group.join(" "), group);
    }
  }
  return [...released.values()];
}

test("columns that move on are told where half of the columns have few values, and where two of them move", async (context) => {
  const folder = temporaryFolder(context);
  for (const seed of [1, 2, 3]) {
    const random = randomStream(seed, "people");
    const whole = (from: number, to: number) => from + Math.floor((to - from) * random.uniform());
    const measured = (mean: number, deviation: number) =>
      Math.round(1000 * (mean + deviation * random.normal())) / 1000;
    // Sex, smoker and stage; gene score, enzyme and age.
    const coded = Array.from({ length: 60 }, () => [
      ...[whole(0, 2), whole(0, 2), whole(1, 4)],
      ...[measured(100, 6), measured(7, 0.6), whole(30, 70)],
    ]);
    // Height, waist and age; gene score, enzyme and years since a diagnosis.
    const twice = Array.from({ length: 60 }, () => [
      ...[measured(165, 6), measured(50, 3), whole(30, 70)],
      ...[measured(100, 6), measured(7, 0.6), whole(0, 20)],
    ]);
    const cases: [string, Row[], number[]][] = [
      ["coded", coded, [5]],
      ["twice", twice, [2, 5]],
    ];
    for (const [name, people, moving] of cases) {
      const released = await anniversaries(join(folder, `${name} ${seed}`), people, moving);
      assert.ok(released.length >= 8, `${released.length} groups`);
      assert.ok(fewestRows(released) >= 5, `${name}, seed ${seed}`);
    }
  }
});
