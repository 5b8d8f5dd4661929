import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import { type CsvColumns, type CsvRows, type CsvTable, readCsvTable } from "../../src/data/csv-table.js";
import { TABLE_DEFAULTS } from "../../src/data/table.js";
import { RunError, UsageError } from "../../src/errors.js";
import { temporaryFolder } from "../support/temporary.js";

const NONE: CsvColumns = { ...TABLE_DEFAULTS, clientColumn: null };

async function table(context: TestContext, text: string, columns: CsvColumns = NONE): Promise<CsvTable> {
  const path = join(temporaryFolder(context), "data.csv");
  writeFileSync(path, text);
  return readCsvTable(path, columns);
}

async function rowsOf(context: TestContext, text: string, columns: CsvColumns = NONE): Promise<CsvRows> {
  const rows = (await table(context, text, columns)).clients.get("")!;
  if (rows.problem !== null) throw rows.problem;
  return rows;
}

test("a byte order mark, CRLF, quotes, blanks, blank lines and no last newline change nothing", async (context) => {
  for (const text of [
    "a,b\n1,-3.2\n1e5,.5\n",
    "\uFEFFa,b\r\n1,-3.2\r\n1e5,.5",
    '"a","b"\n"1","-3.2"\n\n"1e5",+.5\n\n',
    " a , b\n 1, -3.2 \n1E+5,0.50\n",
  ]) {
    const { featureNames, clients } = await table(context, text);
    assert.deepEqual(featureNames, ["a", "b"]);
    assert.deepEqual(clients.get("")!.values, [1, -3.2, 1e5, 0.5]);
  }
});

test("a first line of numbers is data, and columns then have no names", async (context) => {
  const { featureNames, nFeatures, clients } = await table(context, "1,2\n3,4\n");
  assert.equal(featureNames, null);
  assert.equal(nFeatures, 2);
  assert.equal(clients.get("")!.nRows, 2);
});

test("whole numbers beside a text name columns, as pandas writes them", async (context) => {
  const { featureNames, labelColumn } = await table(context, "0,1,label\n1.5,2,a\n");
  assert.deepEqual(featureNames, ["0", "1"]);
  assert.equal(labelColumn, "label");
});

test("a quoted cell may hold commas, quotes and line breaks, and later lines keep their numbers", async (context) => {
  const { labels } = await rowsOf(context, 'a,label\n1,"x, ""y""\nz"\n');
  assert.deepEqual(labels, ['x, "y"\nz']);
  await assert.rejects(rowsOf(context, 'a,label\n1,"x\ny"\nz,q\n'), /data\.csv line 4, column "a"/);
});

test("labels come from the named column, else from label, else from a y that is no coordinate", async (context) => {
  const named = { ...NONE, labelColumn: "species" };
  assert.deepEqual((await rowsOf(context, "a,species,y\n1,Adelie,2\n", named)).labels, ["Adelie"]);
  assert.deepEqual((await rowsOf(context, "a,y,label\n1,2,3\n")).labels, ["3"]);
  assert.deepEqual((await rowsOf(context, "a,y\n1,2.0\n")).labels, ["2"]);
  assert.deepEqual((await rowsOf(context, "x,y\n1,2\n")).values, [1, 2]);
});

test("columns are chosen or left out by name, and a run can do without labels", async (context) => {
  const text = "id,a,b,label,note\n7,1,2,u,x\n";
  const read = async (columns: Partial<CsvColumns>) => {
    const { featureNames, clients } = await table(context, text, { ...NONE, ...columns });
    return [featureNames, clients.get("")!.values, clients.get("")!.labels];
  };
  assert.deepEqual(await read({ columns: ["b", "a"] }), [["b", "a"], [2, 1], ["u"]]);
  assert.deepEqual(await read({ dropColumns: ["id", "note"] }), [["a", "b"], [1, 2], ["u"]]);
  assert.deepEqual(await read({ columns: ["a"], labelColumn: "none" }), [["a"], [1], []]);
  assert.deepEqual(await read({ columns: ["a"], labelColumn: "note" }), [["a"], [1], ["x"]]);
  await assert.rejects(read({ dropColumns: ["c"] }), /no column "c": the columns are id, a, b, label, note/);
});

const REFUSED: [string, string, RegExp][] = [
  ["an empty file", "", /data\.csv: no rows; the file is empty/],
  ["a short row", "a,b\n1,2\n3\n", /line 3: 2 cells expected, found 1/],
  ["a long row", "a,b\n1,2,3\n", /line 2: 2 cells expected, found 3/],
  [
    "a text",
    "a,b\n1,2\n3,x y\n",
    /line 3, column "b": a number expected, found "x y".*name it with the setting\slabelColumn$/,
  ],
  ["a hexadecimal number", "a\n0x10\n", /line 2, column "a": a number expected, found "0x10"/],
  ["a decimal comma", 'a\n"1,5"\n', /found "1,5"/],
  ["an empty cell", "a,b\n1,\n", /line 2, column "b": a missing value; leave such rows out first/],
  ["NA", "a,b\nNA,1\n", /line 2, column "a": a missing value/],
  ["N/A", "1,2\nN/A,1\n", /line 2, column 1: a missing value/],
  ["null", "a\nnull\n", /a missing value/],
  ["NaN", "a\nNaN\n", /a missing value/],
  ["nothing in the only column", "a\n1\n\n2\n", /line 3, column "a": a missing value/],
  ["a missing label", "a,label\n1,\n", /column "label": a missing value/],
  ["infinity", "a\n-inf\n", /a finite number expected, found -inf/],
  ["a number past the largest float64", "a\n1e999\n", /a finite number expected, found 1e999/],
  ["two columns of one name", "a,a\n1,2\n", /two columns are named "a"/],
  ["a column without name", ",a\n0,2\n", /column 1 has no name.*index=False/],
  ["labels without a header", "5.1,3.5,setosa\n4.9,3,setosa\n", /beside the number 5\.1; add a header/],
  ["a quote that does not close", 'a\n"1\n2\n', /not a readable CSV file/],
];

for (const [what, text, message] of REFUSED) {
  test(`reading .csv: ${what} is refused with its place`, async (context) => {
    await assert.rejects(rowsOf(context, text), (error) => {
      assert.ok(error instanceof RunError, String(error));
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });
  });
}

test("a column that is not there is refused with those that are", async (context) => {
  const columns = { ...NONE, labelColumn: "species" };
  await assert.rejects(table(context, "a,b\n1,2\n", columns), /no column "species": the columns are a, b/);
  await assert.rejects(table(context, "1,2\n", columns), /no column "species": the file has no header line/);
});

test("a bad cell spoils only the client whose row it is in", async (context) => {
  const columns = { ...NONE, clientColumn: "site" };
  const { clients } = await table(context, "site,a\nN,1\nS,oops\nN,2\nS,3\n", columns);
  assert.deepEqual(clients.get("N"), { values: [1, 2], labels: [], nRows: 2, problem: null });
  assert.match(clients.get("S")!.problem!.message, /line 3, column "a"/);
});

test("any finite number survives being written as text", async (context) => {
  const path = join(temporaryFolder(context), "a.csv");
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  await fc.assert(
    fc.asyncProperty(fc.array(finite, { minLength: 1, maxLength: 20 }), async (numbers) => {
      writeFileSync(path, `a\n${numbers.join("\n")}\n`);
      const { values } = (await readCsvTable(path, NONE)).clients.get("")!;
      assert.deepEqual(
        values,
        numbers.map((value) => (value === 0 ? 0 : value)),
      );
    }),
  );
});

test("a file that is not there is wrong usage", async () => {
  await assert.rejects(readCsvTable("/nowhere/a.csv", NONE), UsageError);
});
