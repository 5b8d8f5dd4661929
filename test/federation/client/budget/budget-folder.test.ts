import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type Budget, BudgetError } from "#src/federation/client/budget/budget.js";
import { hasBudget, makeBudget, openBudget } from "#src/federation/client/budget/budget-folder.js";
import { MemoryBudget } from "#src/federation/client/budget/memory-budget.js";
import { epsilonOf } from "#src/privacy/gaussian-account.js";
import { ask, budgetRows, draw, LIMITS, mu2Of } from "../../../support/budget.js";
import { drawRows } from "../../../support/site.js";
import { temporaryFolder } from "../../../support/temporary.js";

const ROWS = drawRows(3, 40);

function folderOf(context: TestContext): string {
  const folder = join(temporaryFolder(context), "state");
  assert.equal(makeBudget(folder, LIMITS), true);
  return folder;
}

const KINDS: Record<string, (context: TestContext) => Budget> = {
  "a folder": (context) => openBudget(folderOf(context)),
  memory: () => new MemoryBudget(LIMITS),
};

for (const [where, open] of Object.entries(KINDS)) {
  test(`a budget in ${where} is spent up to its limit, and refuses what is beyond it in one line that says all of it`, (context) => {
    const budget = open(context);
    const rows = budgetRows(ROWS);
    ask(budget, rows, 0.6, { run: "a" });
    assert.deepEqual(budget.last, { mu2: mu2Of(0.6), inAll: mu2Of(0.6), wasStored: false });
    const before = budget.spentBy(rows);
    assert.throws(
      () => ask(budget, rows, 0.9, { run: "b" }),
      (error: unknown) => {
        assert.ok(error instanceof BudgetError);
        const text = error.message.replaceAll("\u00a0", " ");
        const [, fits] =
          /^beyond the budget \(the setting epsilonLimit 1, the setting delta 0\.000001\): these rows have spent epsilon 0\.6, the run would spend 0\.9, together 1\.1\d+; a run of epsilon (0\.\d+) would still fit$/.exec(
            text,
          ) ?? assert.fail(text);
        assert.doesNotMatch(error.told, /\d/);
        const left = mu2Of(1) - mu2Of(0.6);
        assert.ok(mu2Of(Number(fits)) <= left && mu2Of(Number(fits) + 0.0002) > left, fits);
        return true;
      },
    );
    assert.equal(budget.spentBy(rows), before, "nothing is spent by a refusal");
    assert.ok(epsilonOf(Math.sqrt(before), LIMITS.delta) >= 0.6);
    ask(budget, rows, 0.75, { run: "c" });
    assert.throws(() => ask(budget, rows, 0.2, { run: "d" }), /nothing fits|would still fit/);
    assert.throws(() => ask(budget, rows, 5, { run: "e" }), BudgetError);
  });

  test(`a run of all of a budget in ${where}, in questions, fits; the whole of it is asked for at its first`, (context) => {
    const budget = open(context);
    const rows = budgetRows(ROWS);
    assert.throws(() => ask(budget, rows, 1.001, { questions: 9 }), /the run would spend 1\.001/);
    for (let question = 0; question < 9; question++) {
      ask(budget, rows, 1, { questions: 9, question, request: `q${question}` });
    }
    assert.ok(Math.abs(budget.spentBy(rows) / mu2Of(1) - 1) < 1e-12);
    assert.throws(
      () => ask(budget, rows, 0.01, { run: "s" }),
      /: nothing fits any more|; nothing fits any more/,
    );
  });

  test(`what is spent of a budget in ${where} is spent of rows: in another order, one more, one less, half of them`, (context) => {
    const budget = open(context);
    ask(budget, budgetRows(ROWS), 0.5);
    const spent = mu2Of(0.5);
    const others = drawRows(4, 40);
    for (const [what, rows] of Object.entries({
      reversed: ROWS.toReversed(),
      more: [...ROWS, others[0]],
      less: ROWS.slice(1),
      half: ROWS.slice(0, 20),
      one: [...others, ROWS[7]],
      twice: [...ROWS, ...ROWS],
    })) {
      assert.equal(budget.spentBy(budgetRows(rows)), spent, what);
    }
    assert.equal(budget.spentBy(budgetRows(others)), 0);
    // The first half spends once more: with the second it has spent what its first has.
    ask(budget, budgetRows(ROWS.slice(0, 20)), 0.5, { run: "half" });
    assert.equal(budget.spentBy(budgetRows(ROWS.slice(20))), spent);
    assert.equal(budget.spentBy(budgetRows([...ROWS.slice(19)])), 2 * spent);
    assert.throws(() => ask(budget, budgetRows(ROWS), 0.9, { run: "all" }), BudgetError);
    ask(budget, budgetRows(others), 0.9, { run: "others" });
  });

  test(`rows of a budget in ${where} are known in single precision, with columns in any order, and twice as once`, (context) => {
    const budget = open(context);
    const rows = [
      [0.1, -0, 3],
      [0.7, 5, 1e-3],
      [0.7, 5, 1e-3],
    ];
    ask(budget, budgetRows(rows, ["a", "b", "c"]), 0.5);
    const spent = mu2Of(0.5);
    const singles = rows.map((row) => row.map(Math.fround));
    assert.equal(budget.spentBy(budgetRows(singles)), spent);
    assert.equal(budget.spentBy(budgetRows([[3, 0.1, 0]], ["c", "a", "b"])), spent);
    assert.equal(budget.spentBy(budgetRows([[3, 0.1, 0]])), spent, "in whatever order columns come");
    assert.equal(
      budget.spentBy(budgetRows([[3, 0.1, 0]], ["a", "b", "c"])),
      spent,
      "whatever they are called",
    );
    assert.equal(budget.spentBy(budgetRows([[3, 0.1, 0.5]])), 0);
    assert.equal(
      budget.spentBy(budgetRows([[1e-3, 0.7, 5]], ["c", "a", "b"])),
      spent,
      "alike rows spend together",
    );
    for (const [columns, expected] of [
      [["a", "b"], /^the rows have no column "c": .*\(a, b, c\)$/],
      [["a", "b", "x"], /^the rows have no column "c": /],
      [["a", "b", "c", "species"], /^the rows have a column "species": /],
      // Of one name twice: whatever the second holds would make other rows of them.
      [["a", "b", "c", "b"], /^the rows have 4 columns, those of the budget 3: .*\(a, b, c\)$/],
    ] as const) {
      const other = budgetRows([columns.map((_, j) => j)], columns);
      assert.throws(() => budget.spentBy(other), { name: "RunError", message: expected });
      assert.throws(() => ask(budget, other, 0.1, { run: "other" }), { name: "RunError", message: expected });
    }
    assert.throws(
      () => budget.spentBy(budgetRows([[1, 2]])),
      /^RunError: the rows have 2 columns, those of the budget 3/,
    );
    assert.equal(budget.spentBy(budgetRows(rows)), spent);
  });

  test(`a question that a budget in ${where} has answered gets its reply again, and spends nothing; no other takes its number`, (context) => {
    const budget = open(context);
    const rows = budgetRows(ROWS);
    const first = ask(budget, rows, 0.5, { questions: 3, request: "q0" });
    const second = ask(budget, rows, 0.5, { questions: 3, question: 1, request: "q1" });
    assert.notDeepEqual(first, second);
    const spent = budget.spentBy(rows);
    const again = budget.answer(
      () => assert.fail("no row is looked at"),
      { run: "r", question: 0, questions: 3, request: "q0", mu2: mu2Of(0.5) / 3, runMu2: mu2Of(0.5) },
      () => assert.fail("nothing is drawn"),
    );
    assert.deepEqual(again, first);
    assert.deepEqual(budget.last, { mu2: mu2Of(0.5) / 3, inAll: mu2Of(0.5) / 3, wasStored: true });
    const refusals = [
      [{ question: 1, request: "other" }, /^question 1 of the run "r" has been answered, and was another/],
      [{ question: 2, questions: 4 }, /^the run "r" began with 3 questions of mu\^2 .*, found 4 questions/],
      [{ question: 2, runMu2: mu2Of(0.6) }, /^the run "r" began with 3 questions/],
      [{ run: "s", question: 1 }, /^question 1 of the run "s": the run has not begun here/],
      [{ question: 3 }, /^a question from 0 to 2 expected, found 3$/],
      [{ questions: 101 }, /^a run has 1 to 100 questions, found 101$/],
      [{ question: 0.5 }, /^a question from 0 to 2 expected, found 0\.5$/],
      [{ question: 2, mu2: Number.NaN }, /^mu\^2 of a question must be above 0/],
      [{ question: 2, mu2: 0 }, /^mu\^2 of a question must be above 0/],
      [{ question: 2, mu2: 9 }, /^mu\^2 of a question must be above 0, and at most its run's/],
      [{ run: "r".repeat(201) }, /^a run is told from others by 200 characters at most, found 201$/],
    ] as const;
    for (const [spending, message] of refusals) {
      const asked = { questions: 3, ...spending };
      assert.throws(() => ask(budget, rows, 0.5, asked), { name: "RunError", message });
    }
    ask(budget, rows, 0.3, { run: "long", questions: 5 });
    assert.throws(
      () => ask(budget, rows, 0.3, { run: "long", questions: 5, question: 2 }),
      /: question 1 comes next$/,
    );
    assert.ok(
      Math.abs(budget.spentBy(rows) - spent - mu2Of(0.3) / 5) < 1e-15,
      "nothing is spent by refusals",
    );
    // Another seed is another run.
    assert.notDeepEqual(ask(budget, rows, 0.5, { run: "r2", questions: 3, request: "q0" }), first);
  });

  test(`a draw that fails, that spends more than it may, or that is not finite spends nothing of a budget in ${where}`, (context) => {
    const budget = open(context);
    const rows = budgetRows(ROWS);
    const mu2 = mu2Of(0.5);
    const spending = { run: "r", question: 0, questions: 1, request: "q", mu2, runMu2: mu2 };
    const bad = { ...draw(), scalars: { spread: Number.NaN } };
    for (const [reply, spends, message] of [
      [draw(), mu2 * 1.0001, /^an answer may spend/],
      [draw(), Number.NaN, /^an answer may spend/],
      [bad, mu2, /^a noisy answer of finite numbers expected, found NaN$/],
    ] as const) {
      const answer = () =>
        budget.answer(
          () => rows,
          spending,
          () => ({ reply, mu2: spends }),
        );
      assert.throws(answer, { name: "RunError", message });
      assert.equal(budget.spentBy(rows), 0);
    }
    assert.throws(
      () =>
        budget.answer(
          () => rows,
          spending,
          () => assert.fail("no draw"),
        ),
      /no draw/,
    );
    assert.equal(budget.spentBy(rows), 0);
    const reply = budget.answer(
      () => rows,
      spending,
      () => ({ reply: { ...draw(), exchange: 4 }, mu2: mu2 / 2 }),
    );
    assert.equal("exchange" in reply, false);
    assert.equal(budget.spentBy(rows), mu2 / 2, "what was spent, not what might have been");
  });
}

test("a budget is made once: with other limits it is refused, in a folder with other files too, and limits are checked", (context) => {
  const folder = folderOf(context);
  ask(openBudget(folder), budgetRows(ROWS), 0.5);
  const text = readFileSync(join(folder, "budget.json"), "utf8");
  assert.equal(makeBudget(folder, LIMITS), false);
  const message = (value: string) => new RegExp(`^${value}: the budget in .* was made with .*, for good$`);
  assert.throws(() => makeBudget(folder, { ...LIMITS, epsilonLimit: 2 }), {
    name: "UsageError",
    message: message("the setting\u00a0epsilonLimit 2"),
  });
  assert.throws(() => makeBudget(folder, { ...LIMITS, delta: 1e-7 }), {
    name: "UsageError",
    message: message("the setting\u00a0delta 1e-7"),
  });
  assert.equal(readFileSync(join(folder, "budget.json"), "utf8"), text);
  const other = temporaryFolder(context);
  writeFileSync(join(other, "notes.txt"), "");
  assert.throws(() => makeBudget(other, LIMITS), /^UsageError: .*stateDir must be .* found "notes\.txt"/);
  assert.deepEqual(readdirSync(other), ["notes.txt"]);
  for (const limits of [{ epsilonLimit: 0 }, { epsilonLimit: Number.NaN }, { delta: 0 }, { delta: 1 }]) {
    const made = join(other, "s");
    assert.throws(() => makeBudget(made, { ...LIMITS, ...limits }), {
      name: "UsageError",
      message: /must be/,
    });
    assert.equal(hasBudget(made), false);
  }
  assert.throws(
    () => openBudget(join(other, "none")),
    /^RunError: .*budget\.json: no such file: make a budget first/,
  );
});

test("a budget, or a reply, that is torn or was changed is refused, and begins nowhere anew", (context) => {
  const folder = folderOf(context);
  const rows = budgetRows(ROWS);
  const replies = join(folder, "replies");
  const reply = ask(openBudget(folder), rows, 0.5);
  const [own] = readdirSync(replies);
  ask(openBudget(folder), rows, 0.3, { run: "other" });
  const other = readdirSync(replies).find((name) => name !== own)!;
  const again = () => ask(openBudget(folder), rows, 0.5);
  for (const path of [join(folder, "budget.json"), join(replies, own)]) {
    const text = readFileSync(path, "utf8");
    const last = text.at(-5) === "1" ? "2" : "1";
    const others = [text.slice(0, -20), text.slice(0, -5) + last + text.slice(-4), `${text}\n`, "", "{}"];
    // A whole reply, but to another question.
    if (path.endsWith(own)) others.push(readFileSync(join(replies, other), "utf8"));
    for (const changed of others) {
      writeFileSync(path, changed);
      assert.throws(
        again,
        /^RunError: .*\.json: (not as it was written: torn or changed\. |no (budget|reply) of a client)/,
        changed,
      );
      assert.equal(readFileSync(path, "utf8"), changed);
    }
    writeFileSync(path, text);
    assert.deepEqual(again(), reply);
  }
  rmSync(join(replies, own));
  assert.throws(again, /^RunError: .*\.json: no such file\. Drawn anew it would be another/);
});

test("a budget that is a link to another's is refused: what one spends the other would not know", (context) => {
  const folder = folderOf(context);
  ask(openBudget(folder), budgetRows(ROWS), 0.5);
  const linked = join(temporaryFolder(context), "linked");
  mkdirSync(linked);
  symlinkSync(join(folder, "budget.json"), join(linked, "budget.json"));
  assert.throws(() => openBudget(linked), /^RunError: .*budget\.json: cannot be read: a link to a file/);
  // The folder itself may have other names.
  const named = join(linked, "named");
  symlinkSync(folder, named);
  assert.equal(openBudget(named).spentBy(budgetRows(ROWS)), mu2Of(0.5));
});

test("a reply that no budget knows of is swept away with the next run", (context) => {
  const folder = folderOf(context);
  const replies = join(folder, "replies");
  ask(openBudget(folder), budgetRows(ROWS), 0.2);
  const known = readdirSync(replies);
  writeFileSync(join(replies, "0123-0.json"), "");
  ask(openBudget(folder), budgetRows(ROWS), 0.2, { run: "s" });
  const found = readdirSync(replies);
  assert.equal(found.length, 2);
  assert.ok(found.includes(known[0]));
});
