import assert from "node:assert/strict";
import { test } from "node:test";
import { nameSettings } from "#src/errors.js";
import { plannedRun, privateNotices, shareSpent } from "#src/federation/private-notices.js";
import { epsilonOf, muOf } from "#src/privacy/gaussian-account.js";
import { LEAST_SIGNAL } from "#src/workflow/clustering/dp-plan.js";

const DELTA = 1e-6;

function planned({ epsilon = 1, rows = 342, k = 3, features = 4, clients = 3, maxIterations = 100 }) {
  const terms = { epsilon, delta: DELTA, declaredRows: rows, mu: muOf(epsilon, DELTA) };
  return plannedRun(terms, k, features, clients, maxIterations);
}

function said(of: Parameters<typeof planned>[0]): string[] {
  return privateNotices(planned(of)).map(({ text }) => nameSettings(text, (name) => name));
}

/** What a warning says would be enough, each figure by itself. */
function enoughOf(warning: string): Record<string, number> {
  const words = warning.split("enough would be ")[1].split(", or ");
  return Object.fromEntries(
    words.map((text) => {
      const [, number] = /(?:^| )(\d[\d.e-]*)(?: |$)/.exec(text)!;
      return [text.replace(number, "").trim(), Number(number)];
    }),
  );
}

test("a run says in a line what it guarantees, and how many questions it asks", () => {
  assert.deepEqual(said({}), [
    "epsilon 1, delta 1e-6 for any single row, of 342 declared: each client answers 9 questions, with noise " +
      "(3 for the start, 6 rounds)",
  ]);
});

test("below the least signal it warns, and what it says would be enough is, and a little less is not", () => {
  const small = { epsilon: 0.05, rows: 500, k: 12, features: 9, clients: 2 };
  const warning = said(small).at(-1)!;
  assert.match(
    warning,
    /^too small an epsilon for so few rows: on clusters of about 42 rows comes noise of \d+/,
  );
  const enough = enoughOf(warning);
  assert.deepEqual(Object.keys(enough), ["epsilon", "rows"]);
  const near = enoughOf(said({ ...small, epsilon: 0.5 }).at(-1)!);
  assert.deepEqual(Object.keys(near), ["epsilon", "rows", "kGlobal", "features"]);
  const changed = (figure: string, value: number) => {
    const name = figure === "kGlobal" ? "k" : figure;
    return planned({ ...small, epsilon: 0.5, [name]: value }).plan.signal;
  };
  for (const [figure, value] of Object.entries(near)) {
    const isWhole = figure === "kGlobal" || figure === "features";
    assert.ok(changed(figure, value) >= LEAST_SIGNAL, `${figure} ${value}`);
    const less = isWhole ? value + 1 : value * 0.9;
    assert.ok(changed(figure, less) < LEAST_SIGNAL, `${figure} ${less}`);
  }
});

test("many clusters of many features are warned of, as little rows are", () => {
  assert.equal(said({ epsilon: 1, k: 3 }).length, 1);
  assert.match(said({ epsilon: 1, k: 40 })[1], /^too small an epsilon .* kGlobal \d+/);
  assert.match(said({ epsilon: 1, features: 400 })[1], /^too small an epsilon .* \d+ features/);
});

test("more rows are not advised where delta would have to be another for them", () => {
  const warning = said({ epsilon: 0.001, rows: 900, k: 30, clients: 1e4 }).at(-1)!;
  assert.deepEqual(Object.keys(enoughOf(warning)), ["epsilon"]);
});

test("where fewer rounds are allowed than planned, it says what is spent", () => {
  const [, line] = said({ maxIterations: 2 });
  const run = planned({ maxIterations: 2 });
  assert.equal(run.rounds, 2);
  const spent = Number(/spends epsilon (\S+),/.exec(line)![1]);
  const expected = epsilonOf(run.terms.mu * Math.sqrt(shareSpent(run)), DELTA);
  assert.ok(spent >= expected && spent <= 1.001 * expected, `${spent}, ${expected}`);
  assert.match(line, /^maxIterations leaves out 4 of 6 planned rounds/);
  assert.equal(said({ maxIterations: 6 }).length, 1);
});
