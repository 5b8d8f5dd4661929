import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { NO_LABELS } from "#src/data/formats/table.js";
import { createPartitionLoader } from "#src/data/partitions/partition-loader.js";
import { RunError } from "#src/errors.js";
import type { ClientPoints } from "#src/federation/client/points.js";
import { randomStream } from "#src/numerics/random.js";
import { groupRows, pointsOf } from "#src/privacy/groups.js";
import { groupsPolicy, thresholdPolicy } from "#src/privacy/policy.js";
import { isActive } from "#src/privacy/stored-groups.js";
import { handshakeRequest } from "#src/workflow/handshake.js";
import { pointsBySums } from "../support/attacks/active.js";
import { clientUnder, overhear } from "../support/attacks/conversation.js";
import { knowledgeOf, rawSum } from "../support/attacks/knowledge.js";
import { type Functional, leastSum, solvedRows, sumOf } from "../support/attacks/span.js";
import { functionalOf, taggedClient } from "../support/attacks/tagged.js";
import { THRESHOLD } from "../support/federation.js";
import { fuzzCases } from "../support/fuzz.js";
import { drawRows, hashed, type Row, Site } from "../support/site.js";
import { stateOf } from "../support/state.js";
import { TABLE_DEFAULTS } from "../support/tables.js";
import { temporaryFolder } from "../support/temporary.js";

/*
 * Several runs over the same rows, or nearly the same: what follows from all of them together, for whoever knows which
 * rows are behind each number. Each rule that keeps groups is also left out, and rows follow.
 */

const SIZES = [2, 5, 10];

/** Groups made anew of rows, as which rows of a list they are. */
function groupedAnew(rows: readonly Row[], of: readonly number[], size: number): Functional[] {
  const matrix = {
    data: Float64Array.from(of.flatMap((i) => rows[i])),
    nRows: of.length,
    nColumns: rows[0].length,
  };
  const groups = groupRows(matrix, null, size);
  return Array.from({ length: groups.starts.length - 1 }, (_, g) =>
    sumOf(Array.from(groups.rows.subarray(groups.starts[g], groups.starts[g + 1]), (at) => of[at])),
  );
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

test("a server that asks for larger groups from run to run gets whole groups put together, and no fewer rows", () => {
  const tagged = taggedClient("a", 50);
  const [nColumns, reach] = [tagged.rows[0].length, 100];
  for (const size of SIZES) {
    const client = clientUnder(groupsPolicy(size), tagged);
    const functionals: Functional[] = [];
    const sizes = new Set<number>();
    for (const wanted of [1, size, size + 1, size + 2, 2 * size, 3 * size, 1]) {
      client.answer(handshakeRequest({ mode: "groups", groupSize: wanted, privacyThreshold: 1 }));
      sizes.add(client.local.nPoints);
      const found = pointsBySums((request) => client.answer(request), { nColumns, reach, least: size });
      functionals.push(...found.map(({ values, rows }) => functionalOf(values.map((x) => x * rows))));
    }
    assert.ok(sizes.size > 1, "points were merged");
    assert.equal(leastSum(functionals, size), null);
  }
  // Made anew of rows under each size, as from one state for each: runs of sorted values end a few rows apart.
  for (const size of SIZES) {
    const rows = drawRows(7, 100, 1);
    const anew = numbers(size + 4).flatMap((more) => groupedAnew(rows, numbers(100), size + more));
    assert.ok(leastSum(anew, size) !== null, `groups of ${size} and more`);
  }
});

test("a client under groups gives nothing in another mode; where rows were given under both, single ones follow", async () => {
  const tagged = [taggedClient("a", 30), taggedClient("b", 30)];
  const grouped = clientUnder(groupsPolicy(5), tagged[0]);
  assert.throws(() => grouped.answer(handshakeRequest(THRESHOLD)), RunError);
  const nColumns = tagged[0].rows[0].length;
  // A request without a handshake, or after one that was refused, is about the same points.
  const found = pointsBySums((request) => grouped.answer(request), { nColumns, reach: 100, least: 5 });
  const ofGroups = found.map(({ values, rows }) => functionalOf(values.map((x) => x * rows)));
  assert.equal(leastSum(ofGroups, 5), null);
  const clients = tagged.map((client) => clientUnder(thresholdPolicy(5), client));
  const sums = [...ofGroups];
  for (let randomState = 0; randomState < 4; randomState++) {
    const heard = await overhear(clients, { protection: THRESHOLD, privacyThreshold: 5, k: 5, randomState });
    for (const { cells, transform } of knowledgeOf(heard.get("a")!, nColumns).partitions) {
      for (const cell of cells) {
        const sum = rawSum(cell, transform);
        if (sum !== null) sums.push(functionalOf(sum));
      }
    }
  }
  assert.equal(leastSum(sums, 5)?.length, 1);
});

/**
 * What a client's state released over time, as which rows are in it. Rows of equal values are two within a group, and the
 * same ones from group to group.
 */
function functionalsOf(site: Site, numberOf: (name: string) => number): Functional[] {
  return [...site.released.values()].map((rows) => {
    const times = new Map<string, number>();
    return sumOf(
      rows.map((name) => {
        times.set(name, (times.get(name) ?? 0) + 1);
        return numberOf(`${name}/${times.get(name)}`);
      }),
    );
  });
}

/** Numbers by name, in the order in which names are first met. */
function numbering(): (name: string) => number {
  const known = new Map<string, number>();
  return (name) => {
    if (!known.has(name)) known.set(name, known.size);
    return known.get(name)!;
  };
}

test("over a file that grows and shrinks, is corrected, cut, doubled and put in another order, no fewer rows than a group's follow", () => {
  let retired = 0;
  let regrouped = 0;
  for (const size of SIZES) {
    for (let seed = 0; seed < fuzzCases(6); seed++) {
      const random = randomStream(seed, `file/${size}`);
      const site = new Site({ groupSize: size });
      let next = 1000 * seed;
      let rows: Row[] = drawRows(next++, 4 * size + 12);
      site.bring(rows);
      for (let step = 0; step < 25; step++) {
        const at = random.integer(rows.length);
        let file = rows;
        let larger = {};
        switch (random.integer(8)) {
          case 0:
            rows = rows.filter((_, i) => i !== at);
            break;
          case 1:
            rows = rows.map((row, i) => (i === at ? [row[0], row[1] + 0.5] : row));
            break;
          case 2:
            file = rows.filter(() => random.uniform() < 0.8);
            break;
          case 3:
            file = [...rows, ...rows.filter(() => random.uniform() < 0.3)];
            break;
          case 4:
            // Where no row was left out since, so that all groups together are enough to be merged.
            if (
              step % 3 === 0 &&
              site.bring(rows, { mayRetireMost: true }).state.groups.filter(isActive).length > 2
            )
              larger = { groupSize: site.state.settings.groupSize + 1 };
            break;
          default:
            rows = [...rows, ...drawRows(next++, 1 + random.integer(6))];
        }
        const brought = random.shuffle([...file]);
        if (brought.length === 0) continue;
        const change = site.bring(brought, { ...larger, mayRetireMost: true });
        retired += change.retired;
        regrouped += change.made;
      }
      const functionals = functionalsOf(site, numbering());
      assert.ok(functionals.length > 0);
      assert.equal(leastSum(functionals, size), null, `groups of ${size}, seed ${seed}`);
    }
  }
  assert.ok(retired > 20 && regrouped > 50, "groups were retired and made");
});

test("without the rule that a new row waits: the total alone gives it away", () => {
  for (const size of SIZES) {
    const rows = drawRows(1, 41);
    const before = groupedAnew(rows, numbers(40), size);
    const after = groupedAnew(rows, numbers(41), size);
    assert.ok(solvedRows([...before, ...after]).includes(40));
    // As numbers, too.
    const total = (functionals: readonly Functional[], j: number) =>
      functionals.flatMap((f) => [...f.keys()]).reduce((sum, i) => sum + rows[i][j], 0);
    for (const j of [0, 1]) assert.ok(Math.abs(total(after, j) - total(before, j) - rows[40][j]) < 1e-9);
    // With it: nothing changes.
    const site = new Site({ groupSize: size });
    site.bring(rows.slice(0, 40));
    const released = site.released.size;
    assert.equal(site.bring(rows).waiting, 1);
    assert.equal(site.released.size, released);
  }
});

test("without the rule that survivors of a group retire with it: the row that left follows", () => {
  for (const size of SIZES) {
    const rows = drawRows(2, 60 + 4 * size);
    const first = numbers(60);
    const groups = groupedAnew(rows, first, size);
    const largest = groups.reduce((a, b) => (b.size > a.size ? b : a));
    const [left, ...survivors] = largest.keys();
    // The next that come are as many as a group of survivors needs to be one again.
    const again = groupedAnew(
      rows,
      [...survivors, ...numbers(60 + Math.max(0, size - survivors.length)).slice(60)],
      size,
    );
    const released = [...groups, ...again];
    if (survivors.length >= size) assert.ok(solvedRows(released).includes(left), `groups of ${size}`);
    // With it: survivors are in no group any more, whatever comes.
    const site = new Site({ groupSize: size });
    site.bring(rows.slice(0, 60));
    const group = site
      .groups()
      .find((names) => names.length === Math.max(...site.groups().map((g) => g.length)))!;
    const names = hashed(rows).hashes;
    const gone = names.indexOf(group[0]);
    const change = site.bring(
      rows.filter((_, i) => i !== gone),
      { mayRetireMost: true },
    );
    assert.equal(change.retired, 1);
    assert.ok(change.made > 0, "others were grouped");
    for (const name of group) assert.ok(!site.taking().includes(name));
    assert.equal(leastSum(functionalsOf(site, numbering()), size), null);
  }
});

test("survivors that come back into other groups let a row follow that no two of them differ by", () => {
  const [a, b, c] = [0, 1, 2];
  // a and b; b has left, c came; a has left, b came back.
  assert.deepEqual(solvedRows([sumOf([a, b]), sumOf([a, c]), sumOf([b, c])]), [a, b, c]);
  const site = new Site({ groupSize: 2, wait: 2 });
  const rows = drawRows(3, 12);
  site.bring(rows.slice(0, 2));
  site.bring([rows[0], ...rows.slice(2, 6)], { mayRetireMost: true });
  site.bring([...rows.slice(1, 6), ...rows.slice(6, 9)], { mayRetireMost: true });
  site.bring(rows, { mayRetireMost: true });
  assert.equal(leastSum(functionalsOf(site, numbering()), 2), null);
});

/** Points of a client's own as sums of rows, by the columns that tell which rows are in them. */
function functionalsIn({ points, weights }: ClientPoints): Functional[] {
  const d = points.nColumns;
  return Array.from(weights!, (rows, g) =>
    functionalOf(Array.from(points.data.subarray(g * d, (g + 1) * d), (x) => x * rows)),
  );
}

test("without the rule that rows lack a cell for all runs alike: two runs differ by the rows that lack one", async (context) => {
  const folder = temporaryFolder(context);
  const { rows } = taggedClient("a", 40);
  const tags = rows.map((_, i) => `tag ${i}`);
  const path = join(folder, "client.csv");
  const write = (lacking: number | null) => {
    const third = (i: number) => (i === lacking ? "" : `${(i * i) % 11}`);
    const lines = rows.map(([x, y, ...tagged], i) => [x, y, third(i), ...tagged].join());
    writeFileSync(path, [["x", "y", "z", ...tags].join(), ...lines].join("\n"));
  };
  const load = (columns: readonly string[] | null) => {
    const table = { ...TABLE_DEFAULTS, labelColumn: NO_LABELS, columns, missing: "drop" as const };
    return createPartitionLoader()({ client: "a", path, table, clientColumn: null });
  };
  const runs = [
    ["x", "y"],
    ["y", "z"],
  ].map((features) => [...features, ...tags]);
  for (const size of SIZES) {
    write(7);
    // Without it: each run has groups of the rows that are complete in its own columns.
    const apart = await Promise.all(
      runs.map(async (columns, i) => {
        const own = await stateOf(join(folder, `${size}/${i}`), await load(columns), { groupSize: size });
        return functionalsIn(await own.beginRun("run", () => load(columns)));
      }),
    );
    assert.ok(solvedRows(apart.flat()).includes(7), `groups of ${size}`);
    // With it: whichever columns a run is about, groups are of rows that are complete in all of them.
    const state = await stateOf(join(folder, `${size}/one`), await load(null), { groupSize: size });
    await assert.rejects(
      state.beginRun("of its own columns", () => load(runs[0])),
      /the rows have no column "z"/,
    );
    const together: Functional[] = [];
    for (const [i, columns] of runs.entries()) {
      const points = await state.beginRun(`run ${i}`, () => load(null));
      assert.equal(
        points.weights!.reduce((sum, weight) => sum + weight, 0),
        39,
      );
      together.push(...functionalsIn(state.pointsOf(`run ${i}`, columns)));
      assert.equal(leastSum(together, size), null, `groups of ${size}`);
      // Before the next run the cell is filled in: a row that is new.
      write(null);
    }
    assert.ok(!together.some((functional) => functional.has(7)));
  }
});

test("without the rule of one state for all of a client's rows: two of them tell rows apart", () => {
  for (const size of SIZES) {
    const rows = drawRows(5, 60);
    const files = [numbers(60), numbers(60).filter((i) => i % 7 !== 0), numbers(60).slice(size)];
    const states = files.map((file) => {
      const site = new Site({ groupSize: size });
      site.bring(file.map((i) => rows[i]));
      return site;
    });
    const numberOf = numbering();
    const apart = states.flatMap((site) => functionalsOf(site, numberOf));
    assert.ok(leastSum(apart, size) !== null, `groups of ${size}`);
    for (const site of states) assert.equal(leastSum(functionalsOf(site, numbering()), size), null);
    const one = new Site({ groupSize: size });
    for (const file of files)
      one.bring(
        file.map((i) => rows[i]),
        { mayRetireMost: true },
      );
    assert.equal(leastSum(functionalsOf(one, numbering()), size), null);
  }
});

test("a file with rows twice of which some have equals lets no rare one follow", () => {
  for (const size of [2, 3, 5, 10]) {
    const few = drawRows(1, 60).map((row) => row.map((x) => Math.round(2 * x)));
    const pairs = [...drawRows(2, 30), ...drawRows(2, 30)];
    for (const rows of [few, pairs]) {
      const site = new Site({ groupSize: size });
      site.bring(rows);
      const first = [...site.released.values()];
      site.bring([...rows, ...rows, ...drawRows(3, 4 * size + 20)]);
      const second = [...site.released.values()].slice(first.length);
      assert.ok(second.length > 0, "the rows that are new were grouped");
      // The n-th of equal rows is the same person before and after.
      const numberOf = numbering();
      const functionals = [first, second].flatMap((released) => {
        const times = new Map<string, number>();
        return released.map((names) =>
          sumOf(
            names.map((name) => {
              times.set(name, (times.get(name) ?? 0) + 1);
              return numberOf(`${name}/${times.get(name)}`);
            }),
          ),
        );
      });
      const { hashes } = hashed(rows);
      const isRare = (hash: string) => hashes.filter((other) => other === hash).length < size;
      const solved = new Set(solvedRows(functionals));
      assert.deepEqual(
        hashes.filter((hash) => isRare(hash) && [1, 2, 3].some((n) => solved.has(numberOf(`${hash}/${n}`)))),
        [],
        `groups of ${size}`,
      );
    }
  }
});

test("what a state computes from are the means of the rows of its groups", () => {
  const site = new Site({ groupSize: 5 });
  const rows = drawRows(6, 30);
  site.bring(rows);
  const { points } = pointsOf(
    { data: Float64Array.from(rows.flat()), nRows: 30, nColumns: 2 },
    null,
    groupRows({ data: Float64Array.from(rows.flat()), nRows: 30, nColumns: 2 }, null, 5),
  );
  assert.deepEqual(
    site.state.groups.map(({ mean }) => [...mean]),
    Array.from({ length: points.nRows }, (_, g) => [...points.data.subarray(2 * g, 2 * g + 2)]),
  );
});
