import assert from "node:assert/strict";
import { test } from "node:test";
import { epsilonOf, muOf } from "#src/privacy/gaussian-account.js";
import { readFacts } from "#src/report/page/facts.js";
import { whatLeft } from "#src/report/page/sections/what-left.js";
import { deployPrivatePenguins, privatePenguinRun } from "../../../support/private-penguins.js";
import { tablesOf, wordsOf } from "../../../support/report.js";

test("under differential privacy it says what was spent, and what it means for whoever answers for the rows", async (context) => {
  const facts = readFacts(await privatePenguinRun(context));
  const words = wordsOf(whatLeft(facts));
  assert.match(words, /at most \*\*epsilon 4 at delta 1e-6\*\*, for any one row/);
  // Phi(Phi^-1(0.05) + 0.8379) = 0.2098, by Python's statistics.NormalDist.
  assert.match(words, /the best detects at most \*\*21\*\* of 100 who were; guessing detects 5/);
  assert.match(words, /at most e\^4 = 54\.6 times that without it plus one in a million/);
  assert.match(words, /noise protects none of them/);
  assert.doesNotMatch(words, /no differential privacy|threshold looks|Smallest group|similar rows/);
});

test("several rows, and changed ones, have the epsilon of as many times the mu, at the same delta", async (context) => {
  const facts = readFacts(await privatePenguinRun(context));
  const table = tablesOf(whatLeft(facts)).find(({ caption }) =>
    caption.startsWith("What a row could change"),
  )!;
  const mu = muOf(4, 1e-6);
  const times = [1, Math.SQRT2, 2, 5, 10];
  const column = (name: string) => table.data!.rows.map((row) => row[table.data!.header.indexOf(name)]);
  column("mu").forEach((found, i) => {
    assert.ok(Math.abs((found as number) - times[i] * mu) < 1e-12);
  });
  column("epsilon").forEach((found, i) => {
    const exact = epsilonOf(times[i] * mu, 1e-6);
    // Shown from above, in four digits.
    assert.ok((found as number) >= exact - 1e-9 && (found as number) <= exact * 1.001, `${found}, ${exact}`);
  });
});

test("questions are as many as were answered, their values as many as ledgers have", async (context) => {
  const facts = readFacts(await privatePenguinRun(context));
  const tables = tablesOf(whatLeft(facts));
  const { header, rows } = tables.find(({ caption }) => caption.startsWith("Questions"))!.data!;
  const sum = (name: string) => rows.reduce((total, row) => total + (row[header.indexOf(name)] as number), 0);
  const asked = facts.ledgers!.filter(({ request }) => request === "clustering/private_sums");
  assert.deepEqual(
    asked.map(({ messages }) => messages),
    asked.map(() => rows.length),
  );
  // Beside what has noise an answer states how much: a sigma a centre, and two more.
  const stated = sum("centres") + 2 * rows.length;
  assert.deepEqual(
    asked.map(({ values }) => values - stated),
    asked.map(() => sum("numbers")),
  );
  assert.ok(Math.abs(sum("share") - 1) < 1e-9);
  const spent = tables.find(({ caption }) => caption.startsWith("What left each client in all"))!;
  assert.deepEqual(
    spent.data!.rows.map((row) => (row[spent.data!.header.indexOf("epsilon")] as number) <= 4),
    [true, true, true],
  );
});

test("e to the epsilon has three digits, from above", async (context) => {
  const facts = readFacts(await privatePenguinRun(context, { epsilon: 1 }));
  assert.match(wordsOf(whatLeft(facts)), /at most e\^1 = 2\.72 times/);
});

test("a run of fewer rounds than planned says what these spent", async (context) => {
  const facts = readFacts(await privatePenguinRun(context, { maxIterations: 2 }));
  const { muSpent, mu, questions, plan } = facts.privately!;
  assert.equal(questions.length, plan.startQuestions + 2);
  assert.ok(muSpent < 0.9 * mu);
  const spent = facts.ledgers!.filter(({ epsilon }) => epsilon !== undefined);
  assert.equal(spent.length, 3);
  const said = epsilonOf(muSpent, 1e-6);
  for (const { epsilon } of spent) assert.ok(epsilon! <= said && epsilon! > 0.99 * said);
});

test("of clients elsewhere it says what they declared, and nothing of their rows", async (context) => {
  const { directory } = await deployPrivatePenguins(context);
  const section = whatLeft(readFacts(directory));
  const words = wordsOf(section);
  assert.match(words, /at most \*\*epsilon 4 at delta 1e-6\*\*/);
  assert.match(words, /ledgers themselves, which are theirs/);
  assert.doesNotMatch(words, /collect|numbers held|simulation|\b342\b|\b167\b|\b124\b/);
});
