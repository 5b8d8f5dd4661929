import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { emptyState, isActive, pointsAt } from "#src/privacy/stored-groups.js";
import { updateGroups } from "#src/privacy/update-groups.js";
import { FUZZ_SEED, fuzzCases } from "../support/fuzz.js";
import { drawRows, fewestRows, follows, hashed, nameOf, type Row, Site } from "../support/site.js";

const without = (rows: readonly Row[], ...left: Row[]) => rows.filter((row) => !left.includes(row));
const NAMELESS = { nColumns: 2, columns: null, labelColumn: null };

test("first rows are grouped as soon as they make a group; later ones wait until there are enough", () => {
  const rows = drawRows(1, 60);
  const site = new Site();
  assert.deepEqual([site.bring(rows.slice(0, 4)).made, site.taking().length], [0, 0]);
  assert.equal(site.bring(rows.slice(0, 12)).grouped, 12);
  const first = site.groups();
  const { made, waiting } = site.bring(rows.slice(0, 31));
  assert.deepEqual([made, waiting], [0, 19]);
  assert.deepEqual(site.groups(), first);
  assert.equal(site.bring(rows.slice(0, 32)).grouped, 20);
  assert.deepEqual(site.groups().slice(0, first.length), first);
  assert.deepEqual(
    new Set(site.groups().slice(first.length).flat()),
    new Set(rows.slice(12, 32).map(nameOf)),
  );
  assert.equal(site.bring(rows.slice(0, 37), { wait: 5 }).grouped, 5);
});

test("a group of which one row is gone is retired for good: survivors and whole groups never come back", () => {
  const rows = drawRows(2, 30);
  const site = new Site();
  site.bring(rows);
  const [group, ...others] = site.groups();
  const [gone, ...survivors] = rows.filter((row) => group.includes(nameOf(row)));
  const before = pointsAt(site.state, site.state.version);
  const change = site.bring(without(rows, gone));
  assert.deepEqual([change.retired, change.gone, change.waiting], [1, 1, 0]);
  assert.deepEqual(site.groups(), others);
  const after = pointsAt(site.state, site.state.version);
  assert.deepEqual(after.points.data, before.points.data.slice(2));
  // Though many rows come, and the one that was gone with them.
  const more = [...rows, ...drawRows(3, 100)];
  site.bring(more);
  site.bring(without(more, rows[29]), { mayRetireMost: true });
  for (const row of [gone, ...survivors]) assert.ok(!site.taking().includes(nameOf(row)));
  assert.equal(fewestRows(site.released.values()) >= 5, true);
});

test("a corrected value retires the group and waits as a new row; a corrected label changes nothing", () => {
  const rows = drawRows(4, 40);
  const labels = rows.map((_, i) => "abc"[i % 3]);
  const site = new Site();
  site.bring(hashed(rows, labels));
  const { version } = site.state;
  const before = pointsAt(site.state, version);
  assert.equal(
    before.labels!.rows.reduce((sum, count) => sum + count),
    40,
  );
  site.bring(hashed(rows, ["c", ...labels.slice(1)]));
  assert.deepEqual([site.state.version, pointsAt(site.state, version)], [version, before]);
  const corrected: Row = [rows[0][0] + 1e-9, rows[0][1]];
  const { retired, waiting } = site.bring(hashed([corrected, ...rows.slice(1)], labels));
  assert.deepEqual([retired, waiting], [1, 1]);
  // And corrected back: it is a row of the retired group again.
  assert.equal(site.bring(hashed(rows, labels)).waiting, 0);
});

test("most groups are retired only where the owner says so", () => {
  const rows = drawRows(5, 40);
  const site = new Site();
  site.bring(rows);
  const { state } = site;
  const meters = rows.map(([x, y]) => [x / 100, y]);
  assert.throws(
    () => site.bring(meters),
    /(\d+) of \1 groups would be retired for good, as 40 of their rows are not there: .*units.* the setting\sallowRetiring retires them/,
  );
  assert.equal(site.state, state);
  assert.deepEqual(site.bring(rows.slice(20), { mayRetireMost: true }).retired > 2, true);
});

test("a larger size merges stored groups as wholes; a smaller one or another scale is refused", () => {
  const rows = drawRows(6, 60);
  const site = new Site();
  site.bring(
    hashed(
      rows,
      rows.map((_, i) => "ab"[i % 2]),
    ),
  );
  const small = site.groups();
  const { version } = site.state;
  const before = pointsAt(site.state, version);
  const change = site.bring(hashed(rows), { groupSize: 12 });
  assert.equal(change.merged, small.length);
  const after = pointsAt(site.state, site.state.version);
  assert.ok(after.weights!.every((weight) => weight >= 12));
  for (const group of small) {
    assert.equal(site.groups().filter((large) => group.every((row) => large.includes(row))).length, 1);
  }
  for (const [g, large] of site.groups().entries()) {
    const members = rows.filter((row) => large.includes(nameOf(row)));
    assert.equal(members.length, after.weights![g]);
    for (const j of [0, 1]) {
      const mean = members.reduce((sum, row) => sum + row[j], 0) / members.length;
      assert.ok(Math.abs(after.points.data[2 * g + j] - mean) < 1e-9);
    }
    const ofA = members.filter((row) => rows.indexOf(row) % 2 === 0).length;
    const { classes, classOf, pointOf, rows: counts } = after.labels!;
    const count = (of: string) =>
      counts.reduce((sum, n, e) => sum + (pointOf[e] === g && classes[classOf[e]] === of ? n : 0), 0);
    assert.deepEqual([count("a"), count("b")], [ofA, members.length - ofA]);
  }
  assert.deepEqual(pointsAt(site.state, version), before, "a run that began before keeps its points");
  assert.throws(
    () => site.bring(rows, { groupSize: 11 }),
    /groupSize must be at least 12, that of the state, found 11/,
  );
  assert.throws(
    () => site.bring(rows, { groupScale: "range" }),
    /groupScale must be std, that of the state, found range/,
  );
  assert.throws(
    () => site.bring(rows, { wait: 11 }),
    /wait must be at least the setting\sgroupSize 12, found 11/,
  );
  assert.throws(
    () => site.bring(rows, { groupSize: 61 }),
    /groupSize must be at most 60, the rows in groups .*, found 61/,
  );
});

test("equal rows count one by one: a group stays while as many are there as it holds", () => {
  const rows = drawRows(7, 20);
  const twice = [...rows, ...rows.slice(0, 10)];
  const site = new Site({ groupSize: 3 });
  site.bring(twice);
  assert.equal(site.taking().length, 30);
  assert.equal(site.bring(twice.toReversed()).retired, 0);
  // One of two equal rows is gone: one group of the two that hold them, or the one that holds both.
  assert.equal(site.bring(without([...twice, rows[0]], rows[0]), { mayRetireMost: true }).retired > 0, true);
  const other = new Site({ groupSize: 3 });
  other.bring(twice);
  const { retired } = other.bring(twice.slice(1));
  assert.equal(retired, 1);
  // A second copy of a row that is held once.
  const third = new Site({ groupSize: 3 });
  third.bring(rows);
  const { retired: none, waiting, alike } = third.bring([...rows, rows[3]]);
  assert.deepEqual([none, waiting, alike], [0, 1, 1]);
});

test("a file with a part of its rows twice brings no row into a second group", () => {
  const rows = drawRows(8, 60);
  const site = new Site();
  site.bring(rows);
  const { made, waiting, alike } = site.bring([...rows, ...rows.slice(20, 50)]);
  assert.deepEqual([made, waiting, alike], [0, 30, 30]);
  // Other rows are grouped beside them.
  const more = site.bring([...rows, ...rows.slice(20, 50), ...drawRows(9, 20)]);
  assert.deepEqual([more.grouped, more.waiting, more.alike], [20, 30, 30]);
  // Where rows have many equals by their nature, new ones are.
  const coded = (seed: number, count: number) =>
    drawRows(seed, count).map((row) => row.map((x) => Math.round(x / 3)));
  const survey = new Site();
  survey.bring(coded(10, 200));
  const later = survey.bring([...coded(10, 200), ...coded(11, 40)]);
  // Of those that are equal to held rows, but not to many, more than a few wait all the same.
  const held = hashed(coded(10, 200)).hashes;
  const standOut = hashed(coded(11, 40)).hashes.filter((hash) => {
    const equals = held.filter((other) => other === hash).length;
    return equals > 0 && equals < 10;
  });
  assert.ok(standOut.length > 2 && standOut.length < 20, `${standOut.length} of 40`);
  assert.deepEqual([later.grouped, later.waiting], [40 - standOut.length, standOut.length]);
});

test("the order of rows changes nothing, nor does what a row's hash is", () => {
  const steps = [drawRows(12, 40), drawRows(12, 75).slice(3)];
  const bring = (change: (rows: Row[]) => Row[], hash: (row: string) => string) => {
    let state = emptyState({ groupSize: 4, groupScale: "std", wait: 4 }, NAMELESS);
    for (const rows of steps) {
      const data = hashed(
        change(rows),
        change(rows).map(([x]) => (x > 2 ? "far" : "near")),
      );
      state = updateGroups(state, { ...data, hashes: data.hashes.map(hash) }, { mayRetireMost: true }).state;
    }
    return pointsAt(state, state.version);
  };
  const expected = bring(
    (rows) => rows,
    (hash) => hash,
  );
  assert.ok(expected.points.nRows > 8);
  assert.deepEqual(
    bring(
      (rows) => rows.toReversed(),
      (hash) => hash,
    ),
    expected,
  );
  assert.deepEqual(
    bring(
      (rows) => rows,
      (hash) => `${hash.split("").toReversed().join("")}`,
    ),
    expected,
  );
});

test("of equal rows of two classes those that are held do not depend on the order of the file", () => {
  const coded = drawRows(18, 260).map((row) => row.map((x) => Math.round(x / 3)));
  const of = (change: <T>(list: T[]) => T[]) => {
    const site = new Site({ wait: 5 });
    for (const count of [200, 260]) {
      const labels = coded.slice(0, count).map((_, i) => "abc"[i % 3]);
      site.bring(hashed(change(coded.slice(0, count)), change(labels)));
    }
    return pointsAt(site.state, site.state.version);
  };
  const expected = of((list) => list);
  assert.ok(
    expected.labels!.rows.reduce((sum, count) => sum + count) > 40,
    "some that came later are grouped",
  );
  assert.deepEqual(
    of((list) => list.toReversed()),
    expected,
  );
});

test("one batch's spread is its own; more are pooled about the means of their points, as all rows spread", () => {
  const drawn = drawRows(13, 400).map(([x, y]) => [x, y, 7]);
  // By their first number, so that the means of batches lie far apart.
  const rows = drawn.sort((a, b) => a[0] - b[0]);
  const site = new Site({}, 3);
  site.bring(hashed(rows.slice(0, 100)));
  const spreads = () => pointsAt(site.state, site.state.version).spreads!;
  assert.deepEqual(spreads(), site.state.batches[0].spread);
  // Batches of ten rows state nothing, and are taken for such as spread like the first.
  for (let n = 110; n <= 200; n += 10) site.bring(hashed(rows.slice(0, n)), { wait: 10 });
  for (let n = 230; n <= 400; n += 30) site.bring(hashed(rows.slice(0, n)), { wait: 30 });
  const stated = site.state.batches.map(({ spread }) => !Number.isNaN(spread[0]));
  assert.deepEqual([stated.length, stated.filter(Boolean).length], [17, 7]);
  const there = rows.slice(0, 380);
  for (const j of [0, 1]) {
    const mean = there.reduce((sum, row) => sum + row[j], 0) / there.length;
    const std = Math.sqrt(there.reduce((sum, row) => sum + (row[j] - mean) ** 2, 0) / there.length);
    assert.ok(Math.abs(spreads()[j] / std - 1) < 0.05, `${spreads()[j]} of ${std}`);
  }
  assert.ok(Number.isNaN(spreads()[2]), "a column of one value");
  const before = spreads();
  site.bring(hashed(rows), { groupSize: 20, wait: 20 });
  const [merged] = site.state.batches.slice(17);
  for (const j of [0, 1]) assert.ok(Math.abs(merged.spread[j] / before[j] - 1) < 0.05);
});

test("groups of one row are the rows, which state no spread until they are merged", () => {
  const site = new Site({ groupSize: 1, wait: 1 });
  const rows = drawRows(14, 100);
  site.bring(rows.slice(0, 60));
  site.bring(rows);
  const { points, weights, spreads } = pointsAt(site.state, site.state.version);
  assert.deepEqual([points.nRows, weights, spreads], [100, null, null]);
  site.bring(rows, { groupSize: 5, wait: 5 });
  const merged = pointsAt(site.state, site.state.version);
  const once = new Site({ wait: 5 });
  once.bring(rows);
  assert.deepEqual(merged, pointsAt(once.state, once.state.version));
});

/** What may happen to a client's rows between two runs. */
const STEPS = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("come" as const), count: fc.integer({ min: 1, max: 25 }) }),
    fc.record({ kind: fc.constant("leave" as const), from: fc.nat(), count: fc.integer({ min: 1, max: 8 }) }),
    fc.record({
      kind: fc.constant("subset" as const),
      from: fc.nat(),
      count: fc.integer({ min: 1, max: 60 }),
    }),
    fc.record({ kind: fc.constant("return" as const) }),
    fc.record({ kind: fc.constant("correct" as const), from: fc.nat() }),
    fc.record({ kind: fc.constant("raise" as const), by: fc.integer({ min: 1, max: 3 }) }),
  ),
  { minLength: 1, maxLength: 12 },
);

test("whatever comes, leaves and comes back, no sum of fewer rows than a group has follows from all groups ever", () => {
  fc.assert(
    fc.property(STEPS, fc.constantFrom(2, 3, 5), fc.constantFrom(null, "least"), (steps, size, wait) => {
      const pool = drawRows(15, 400);
      let drawn = 20;
      let now: Row[] = pool.slice(0, drawn);
      const left: Row[] = [];
      const site = new Site({ groupSize: size, wait: wait === null ? null : size });
      site.bring(now);
      for (const step of steps) {
        let asked = {};
        if (step.kind === "come") now = [...now, ...pool.slice(drawn, (drawn += step.count))];
        else if (step.kind === "return") now = [...now, ...left.splice(0)];
        else if (step.kind === "correct") {
          now = now.map((row, i) => (i === step.from % now.length ? [row[0], row[1] + 1e-6] : row));
        } else if (step.kind === "raise") {
          const groupSize = site.state.settings.groupSize + step.by;
          if (groupSize <= site.taking().length) asked = { groupSize, wait: groupSize };
        } else {
          const from = step.from % Math.max(now.length, 1);
          const part = now.slice(from, from + step.count);
          // A subset leaves for one file; the others are back in the next.
          left.push(...part);
          now = now.filter((row) => !part.includes(row));
        }
        if (now.length === 0) continue;
        site.bring(now, { ...asked, mayRetireMost: true });
        const taking = site.taking();
        assert.equal(new Set(taking).size, taking.length, "a row is in one group");
        const there = new Set(now.map(nameOf));
        for (const row of taking) assert.ok(there.has(row), "of rows that are there");
        for (const rows of site.groups()) assert.ok(rows.length >= site.state.settings.groupSize);
      }
      if (site.released.size > 0) assert.ok(fewestRows(site.released.values()) >= size);
    }),
    { numRuns: fuzzCases(150), seed: FUZZ_SEED },
  );
});

test("groups made anew for one row more give it away, and so do survivors that are grouped again", () => {
  const rows = drawRows(16, 40);
  const anew = [rows.slice(0, 39), rows].map((part) => {
    const site = new Site();
    site.bring(part);
    return site.groups();
  });
  assert.ok(follows([nameOf(rows[39])], anew.flat()));
  assert.ok(fewestRows(anew.flat()) < 5);
  // By the rules it waits, and nothing of it follows.
  const site = new Site();
  site.bring(rows.slice(0, 39));
  site.bring(rows);
  assert.ok(!follows([nameOf(rows[39])], site.released.values()));
  // Survivors: the group of the one that left, regrouped with what came.
  const [group] = site.groups();
  const gone = rows.find((row) => group.includes(nameOf(row)))!;
  const survivors = rows.filter((row) => row !== gone && group.includes(nameOf(row)));
  const again = new Site({ wait: 4 as number, groupSize: 4 });
  again.bring(survivors);
  assert.ok(follows([nameOf(gone)], [group, ...again.groups()]));
});

test("a state forgets no group that takes part", () => {
  const rows = drawRows(17, 30);
  const site = new Site();
  site.bring(rows);
  site.bring(rows.slice(1));
  assert.equal(site.state.groups.filter(isActive).length, site.groups().length);
  assert.equal(site.state.groups.length, site.groups().length + 1);
  assert.equal(pointsAt(site.state, 1).points.nRows, site.groups().length + 1);
});
