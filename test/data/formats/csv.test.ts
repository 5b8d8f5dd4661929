import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { gzipSync } from "node:zlib";
import { listCsvClients, readCsvTable } from "#src/data/formats/csv/table.js";
import type { SharedColumns, SharedTable } from "#src/data/formats/table.js";
import type { Partition } from "#src/data/partitions/partition.js";
import { createPartitionLoader } from "#src/data/partitions/partition-loader.js";
import { nameSettings, RunError, UsageError } from "#src/errors.js";
import { COLUMN_DEFAULTS, TABLE_DEFAULTS } from "../../support/tables.js";
import { temporaryFolder } from "../../support/temporary.js";

function fileOf(context: TestContext, text: string | Uint8Array, name = "data.csv"): string {
  const path = join(temporaryFolder(context), name);
  writeFileSync(path, text);
  return path;
}

/** A file as one client's partition. */
function load(
  context: TestContext,
  text: string | Uint8Array,
  { clientColumn, ...options }: Partial<SharedColumns> = {},
  name = "data.csv",
): Promise<Partition> {
  const table = { ...TABLE_DEFAULTS, ...options };
  const path = fileOf(context, text, name);
  return createPartitionLoader()({ client: "data", path, table, clientColumn: clientColumn ?? null });
}

/** Feature names, values and labels of a file. */
async function contents(
  context: TestContext,
  text: string | Uint8Array,
  options: Partial<SharedColumns> = {},
) {
  const { featureNames, rows, labels, classes } = await load(context, text, options);
  return [featureNames, [...rows.data], labels && Array.from(labels, (label) => classes[label])];
}

async function noticesOf(
  context: TestContext,
  text: string,
  options: Partial<SharedColumns> = {},
): Promise<string[]> {
  const { notices } = await load(context, text, options);
  return notices!.map((notice) => nameSettings(notice, (name) => name));
}

function table(context: TestContext, text: string, columns: SharedColumns): Promise<SharedTable> {
  return readCsvTable(fileOf(context, text), columns);
}

test("a byte order mark, line ends, quotes, blanks, blank lines and no last newline change nothing", async (context) => {
  for (const text of [
    "a,b\n1,-3.2\n1e5,.5\n",
    "\uFEFFa,b\r\n1,-3.2\r\n1e5,.5",
    "a,b\r1,-3.2\r1e5,.5\r",
    "a,b\r\n1,-3.2\n1e5,.5\n",
    "a,b\n1,-3.2\r\n1e5,.5\r\n",
    '"a","b"\n"1","-3.2"\n\n"1e5",+.5\n\n',
    " a , b\n 1, -3.2 \n1E+5,0.50\n   \n",
  ]) {
    assert.deepEqual(
      await contents(context, text),
      [["a", "b"], [1, -3.2, 1e5, 0.5], null],
      JSON.stringify(text),
    );
  }
});

test("a first line of numbers is data, and columns then have no names", async (context) => {
  assert.deepEqual(await contents(context, "1,2\n3,4\n"), [null, [1, 2, 3, 4], null]);
});

test("what separates cells is told from the file, or said", async (context) => {
  const expected = [
    ["a", "b c"],
    [1.5, 2, -3, 4.25],
    ["u v", "w"],
  ];
  for (const text of [
    "a,b c,label\n1.5,2,u v\n-3,4.25,w\n",
    "a;b c;label\n1.5;2;u v\n-3;4.25;w\n",
    'a;"b c";label\n1,5;2;u v\n-3;"4,25";w\n',
    "a\tb c\tlabel\r\n1.5\t2\tu v\r\n-3\t4.25\tw",
    "a\tb c\tlabel\n1,5\t2\tu v\n-3\t4,25\tw",
    "a|b c|label\n1.5|2|u v\n-3|4.25|w\n",
    'a "b c" label\n1.5   2 "u v"\n -3 \t4.25 w \n',
  ]) {
    assert.deepEqual(await contents(context, text), expected, JSON.stringify(text));
  }
  // A single column, whose name has a blank.
  assert.deepEqual(await contents(context, "bill length\n1.5\n2\n3\n"), [["bill length"], [1.5, 2, 3], null]);
  const colons = await contents(context, "a:label\n1:u,v\n", { delimiter: ":" });
  assert.deepEqual(colons, [["a"], [1], ["u,v"]]);
  // Blanks where some are doubled, as in UCI's seeds.
  assert.deepEqual(await contents(context, "1\t2.5\n3\t\t4\n5\t6\n"), [null, [1, 2.5, 3, 4, 5, 6], null]);
});

test("decimal commas are told, and points beside them refused", async (context) => {
  const comma = await noticesOf(context, "a;b\n1,5;2\n2,5;3,125\n");
  assert.deepEqual(comma, ["numbers have decimal commas: 1,5 is read as 1.5"]);
  await assert.rejects(
    load(context, "a;b\n1.5;2\n2,5;3.125\n"),
    /line 3, column "a": a number expected, found "2,5"/,
  );
});

test("comments are no rows, and NumPy's header is one", async (context) => {
  const xy = [["x", "y"], [1.5, 2, 3, 4], null];
  assert.deepEqual(await contents(context, "# x,y\n1.5,2\n3,4\n"), xy);
  assert.deepEqual(await contents(context, "# x y\n1.5 2\n3 4\n"), xy);
  assert.deepEqual(await contents(context, "# made in 2020, by me\nx,y\n1.5,2\n# more, of it\n3,4\n"), xy);
  assert.deepEqual(await contents(context, '#"x","y"\n1.5,2\n3,4\n'), xy);
  assert.deepEqual(await contents(context, "# a single comment\n1.5,2\n3,4\n"), [null, xy[1], null]);
  assert.deepEqual(await contents(context, "#,label\n1,#2\n#3,u\n"), [["#"], [1], ["#2"]]);
  assert.deepEqual(await contents(context, "label,a\n#2,1\n#3,4\n"), [["a"], [1, 4], ["#2", "#3"]]);
});

test("a .tsv and a compressed file are read as a .csv is", async (context) => {
  const text = "a\tlabel\n1.5\tu\n";
  for (const [name, bytes] of [
    ["a.tsv", text],
    ["a.csv.gz", gzipSync(text)],
    ["a.TSV.GZ", gzipSync(text)],
  ] as const) {
    const { rows, classes } = await load(context, bytes, {}, name);
    assert.deepEqual([[...rows.data], classes], [[1.5], ["u"]], name);
  }
  const half = gzipSync(text).subarray(0, 20);
  await assert.rejects(
    load(context, half, {}, "a.csv.gz"),
    /^RunError: .*a\.csv\.gz: damaged, or not compressed by gzip: /,
  );
});

test("a first line of whole numbers that lies far from all others is a row, and a note says what it looks like", async (context) => {
  const table = (first: string, value: (i: number, j: number) => number | string) =>
    [first, ...Array.from({ length: 12 }, (_, i) => [0, 1].map((j) => value(i, j)).join(","))].join("\n");
  const said = (first: string) => [
    `the first line, ${first}, lies far from all others, and is taken for a row; header yes makes it a header`,
  ];
  const near = (i: number, j: number) => ((i * 7 + j) % 11) - 4.5;
  assert.deepEqual(await noticesOf(context, table("2019,2020", near)), said("2019,2020"));
  assert.deepEqual(
    await noticesOf(
      context,
      table("2019,2020", (i, j) => (i * j) % 5),
    ),
    said("2019,2020"),
  );
  const missing = table("2019,2020", (i, j) => (i === j ? "" : near(i, j)));
  assert.deepEqual(await noticesOf(context, missing, { missing: "drop" }), [
    ...said("2019,2020"),
    "2 of 13 rows are left out for missing values: 1 in feature 0, 1 in feature 1",
  ]);
  // One column within reach, the same number twice, decimals, columns that rise.
  for (const first of ["3,2020", "2019,2019", "2019.5,2020.5"]) {
    assert.deepEqual(await noticesOf(context, table(first, near)), [], first);
  }
  assert.deepEqual(
    await noticesOf(
      context,
      table("1,2", (i, j) => (i + 2) * (j + 1) + 0.5),
    ),
    [],
  );
});

test("where every row is left out for one column, that is named", async (context) => {
  const empty = load(context, "a,b\n1,\n3,\n", { missing: "drop" });
  await assert.rejects(
    empty,
    /no rows are left: each of its 2 has a missing value; column "b" has no value at all/,
  );
  const spread = load(context, "a,b\n1,\n,3\n", { missing: "drop" });
  await assert.rejects(spread, /no rows are left: each of its 2 has a missing value$/);
});

test("decimal commas below the name of a single column are its numbers'", async (context) => {
  assert.deepEqual(await contents(context, "a\n1,5\n-2,25\n3\n"), [["a"], [1.5, -2.25, 3], null]);
  assert.deepEqual(await contents(context, "1,5\n2,5\n"), [null, [1, 5, 2, 5], null]);
});

test("the line with which Excel is told what separates cells is none of the table's", async (context) => {
  for (const text of [
    "sep=;\na;b\n1,5;2\n",
    '\uFEFF"sep=;"\r\na;b\r\n1,5;2\r\n',
    "SEP=|\n# by hand\na|b\n1.5|2\n",
  ]) {
    assert.deepEqual(await contents(context, text), [["a", "b"], [1.5, 2], null], text);
  }
  // Cells within it that could be told otherwise.
  assert.deepEqual(await contents(context, "sep=;\na,b;c\n1;2\n"), [["a,b", "c"], [1, 2], null]);
  await assert.rejects(
    load(context, "sep=;\na;b\n1;2\n3;x\n"),
    /line 4, column "b": a number expected, found "x"/,
  );
  await assert.rejects(load(context, "sep=x\na\n1\n"), /line 2, column "sep=x": a number expected/);
});

test("the numbers that pandas writes for names that are not there are a header, if rows are not written so", async (context) => {
  const rows = Array.from({ length: 12 }, (_, i) => [
    i / 7 + 0.5,
    3.25 * i + 0.125,
    i / 3 + 0.1,
    i * 0.7 + 0.05,
  ]);
  const csv = (d: number, ...first: string[]) =>
    [...first, ...rows.map((row) => row.slice(0, d).join(","))].join("\n");
  for (const d of [1, 2, 3, 4]) {
    const header = ["0", "1", "2", "3"].slice(0, d);
    const { featureNames, rows: read, notices } = await load(context, csv(d, header.join(",")));
    assert.deepEqual([featureNames, read.nRows], [header, 12]);
    assert.match(notices![0], /^the first line, 0.*, numbers the columns, and is taken for a header/);
    assert.equal((await load(context, csv(d, header.join(",")), { header: "no" })).rows.nRows, 13);
  }
  // Rows of whole numbers are written as the header is.
  const counts = "0,1,2\n5,3,2\n1,1,7\n";
  assert.equal((await load(context, counts)).rows.nRows, 3);
  assert.match((await noticesOf(context, counts))[0], /is taken for a row; header yes makes it a header/);
  assert.equal((await load(context, counts, { header: "yes" })).rows.nRows, 2);
  assert.equal((await load(context, "0,1,2,3\n51,35,14,2\n49,30,14,2\n")).rows.nRows, 2);
  // numpy.arange, in rows.
  assert.deepEqual(await noticesOf(context, "0,1,2,3\n4,5,6,7\n8,9,10,11\n"), []);
  assert.equal((await load(context, "0,1,2,3\n4,5,6,7\n8,9,10,11\n")).rows.nRows, 3);
  // Two points on a line, one of them at the origin.
  assert.equal((await load(context, "0,1\n0.5,2.5\n")).rows.nRows, 2);
  const labelled = await contents(context, "0,1,2\n5,3,2\n", { labelColumn: "2" });
  assert.deepEqual(labelled, [["0", "1"], [5, 3], ["2"]]);
  await assert.rejects(load(context, ",0,1\n0,5.5,3\n"), /column 1 has no name.*index=False/);
});

test("a first line that rises as no row does is a row, with a word of warning", async (context) => {
  const waves = Array.from({ length: 12 }, (_, i) => 400 + 10 * i);
  const row = waves.map((_, i) => Math.sin(i));
  assert.match(
    (await noticesOf(context, `${waves}\n${row}\n`))[0],
    /^the first line, 400,410,420,\.\.\., rises steadily.*header yes/,
  );
  assert.deepEqual(await noticesOf(context, `${waves}\n${row}\n`, { header: "yes" }), []);
  assert.deepEqual(await noticesOf(context, `${waves}\n${waves}\n`), []);
});

test("whole numbers beside a text name columns, as pandas writes them", async (context) => {
  assert.deepEqual(await contents(context, "0,1,label\n1.5,2,a\n"), [["0", "1"], [1.5, 2], ["a"]]);
});

test("a quoted cell may hold commas, quotes and line breaks, and later lines keep their numbers", async (context) => {
  const [, , labels] = await contents(context, 'a,label\n1,"x, ""y""\nz"\n');
  assert.deepEqual(labels, ['x, "y"\nz']);
  await assert.rejects(load(context, 'a,label\n1,"x\ny"\nz,q\n'), /data\.csv line 4, column "a"/);
});

test("labels come from the named column, else from label, else from a y that is no coordinate", async (context) => {
  const labels = async (text: string, labelColumn: string | null = null) =>
    (await contents(context, text, { labelColumn }))[2];
  assert.deepEqual(await labels("a,species,y\n1,Adelie,2\n", "species"), ["Adelie"]);
  assert.deepEqual(await labels("a,y,label\n1,2,3\n"), ["3"]);
  assert.deepEqual(await labels("a,y\n1,2.0\n"), ["2"]);
  assert.equal(await labels("x,y\n1,2\n"), null);
  assert.equal((await load(context, "a,y\n1,2\n")).labelColumn, "y");
});

test("a label is a text unless it is empty: Na is sodium, and NA Namibia", async (context) => {
  const text = "a,label\n1,Na\n2,NA\n3,null\n4,K\n";
  assert.deepEqual((await contents(context, text))[2], ["Na", "NA", "null", "K"]);
  assert.deepEqual(await noticesOf(context, text), [
    'the label "NA" is a class like any other, not a missing value',
    'the label "null" is a class like any other, not a missing value',
  ]);
  assert.deepEqual(await contents(context, "Na\n1\n"), [["Na"], [1], null]);
  const columns = { ...COLUMN_DEFAULTS, clientColumn: "site" };
  assert.deepEqual([...(await table(context, "site,a\nNA,1\nNa,2\n", columns)).clients.keys()], ["NA", "Na"]);
});

test("columns are chosen or left out by name, and a run can do without labels", async (context) => {
  const text = "id,a,b,label,note\n7,1,2,u,x\n";
  const read = (columns: Partial<SharedColumns>) => contents(context, text, columns);
  assert.deepEqual(await read({ columns: ["b", "a"] }), [["b", "a"], [2, 1], ["u"]]);
  assert.deepEqual(await read({ dropColumns: ["id", "note"] }), [["a", "b"], [1, 2], ["u"]]);
  assert.deepEqual(await read({ columns: ["a"], labelColumn: "none" }), [["a"], [1], null]);
  assert.deepEqual(await read({ columns: ["a"], labelColumn: "note" }), [["a"], [1], ["x"]]);
  await assert.rejects(read({ dropColumns: ["c"] }), /no column "c": the columns are id, a, b, label, note/);
  // A y that is asked for as a feature is one.
  assert.deepEqual(await contents(context, "a,y\n1,2\n", { columns: ["y"] }), [["y"], [2], null]);
  // x, beside which y is a coordinate, is there though it is not chosen.
  assert.deepEqual(await contents(context, "x,y,z\n1,2,3\n", { columns: ["x", "z"] }), [
    ["x", "z"],
    [1, 3],
    null,
  ]);
});

test("columns of text that are neither features nor labels are all named, with what to do", async (context) => {
  const text = "Gender,age,City\nMale,20,Bonn\nFemale,30,\n";
  await assert.rejects(load(context, text), (error: Error) => {
    const message = nameSettings(error.message, (name) => name);
    assert.match(
      message,
      /column "Gender": a number expected, found "Male"; leave text columns out \(dropColumns Gender,City\) or name one as the column of labels \(labelColumn Gender\)$/,
    );
    return true;
  });
});

test("a feature that tells rows apart is named in a notice, and one that does not is not", async (context) => {
  const csv = (header: string, row: (i: number) => unknown[]) =>
    `${header}\n${Array.from({ length: 30 }, (_, i) => row(i).join(",")).join("\n")}\n`;
  const said = (name: string) => [
    `column "${name}" is clustered, though its whole numbers all differ as those of an id do; leave it out with dropColumns ${name}`,
  ];
  const shuffled = (i: number) => (7 * i) % 31;
  assert.deepEqual(
    await noticesOf(
      context,
      csv("n,a", (i) => [i + 1, i % 7]),
    ),
    said("n"),
  );
  assert.deepEqual(
    await noticesOf(
      context,
      csv("CustomerID,a", (i) => [shuffled(i), i % 7]),
    ),
    said("CustomerID"),
  );
  assert.deepEqual(
    await noticesOf(
      context,
      csv("patient_id,a", (i) => [shuffled(i), i % 7]),
    ),
    said("patient_id"),
  );
  assert.deepEqual(
    await noticesOf(
      context,
      csv("mass,a", (i) => [shuffled(i), i % 7]),
    ),
    [],
  );
  assert.deepEqual(
    await noticesOf(
      context,
      csv("arid,plaid", (i) => [shuffled(i), i % 7]),
    ),
    [],
  );
  assert.deepEqual(
    await noticesOf(
      context,
      csv("id,a", (i) => [i % 29, i % 7]),
    ),
    [],
  );
  assert.deepEqual(
    await noticesOf(
      context,
      csv("t,a", (i) => [i / 4, i % 7]),
    ),
    [],
  );
});

const LATIN1 = (text: string) => Buffer.from(text, "latin1");
const REFUSED: [string, string | Uint8Array, RegExp][] = [
  [
    "a delimiter that is not guessed",
    "a:b\n1:2\n3:4\n",
    /line 2, column "a:b": .*; if several values stand there, say with the setting\sdelimiter/,
  ],
  ["an empty file", "", /data\.csv: no rows; the file is empty/],
  ["comments alone", "# a\n#b\n", /data\.csv: no rows; the file is empty/],
  ["a header alone", "a,b\n", /no rows/],
  ["a short row", "a,b\n1,2\n3\n", /line 3: 2 cells expected, found 1/],
  ["a long row", "a,b\n1,2,3\n", /line 2: 2 cells expected, found 3/],
  [
    "a text",
    "a,b\n1,2\n3,x y\n",
    /line 3, column "b": a number expected, found "x y".*\(the setting\sdropColumns b\)/,
  ],
  ["a hexadecimal number", "a\n0x10\n", /line 2, column "a": a number expected, found "0x10"/],
  ["a decimal comma", 'a\n"1,5"\n2\n', /line 2, column "a": .*found "1,5"; write such numbers with a point/],
  [
    "decimal commas alone",
    'a,b\n"1,5","2,5"\n"2,5","3,5"\n',
    /line 2, column "a": .*found "1,5"; write such numbers/,
  ],
  [
    "separators of thousands",
    'a,b\n"13,000",1\n"1,000,000",2\n',
    /found "13,000"; write such numbers .* without commas/,
  ],
  ["an empty cell", "a,b\n1,\n", /line 2, column "b": a missing value; 1 of 1 rows has one: .*missing drop$/],
  [
    "several of them",
    "a,b\n1,2\nNA,1\n1,nan\n,\n",
    /line 3, column "a": a missing value; 3 of 4 rows have one/,
  ],
  [
    "a column without values",
    "a,b,c\n1,2,\n3,4,\n",
    /line 2, column "c": a missing value; 2 of 2 rows have one: column "c" has no value at all: leave it out with .*dropColumns c$/,
  ],
  ["the same without a name", "1,2,\n3,4,\n", /feature 2 has no value at all: leave it out first$/],
  ["N/A", "1,2\nN/A,1\n", /line 2, column 1: a missing value/],
  ["null", "a\nnull\n2\n", /a missing value/],
  ["sodium for a number", "a\n1\nNa\n", /line 3, column "a": a number expected, found "Na"/],
  ["nothing in the only column", "a\n1\n\n2\n", /line 3, column "a": a missing value/],
  ["a missing label", "a,label\n1,\n2,u\n", /line 2, column "label": a missing value/],
  ["infinity", "a\n-inf\n", /a finite number expected, found -inf/],
  ["a number past the largest float64", "a\n1e999\n", /a finite number expected, found 1e999/],
  [
    "a whole number that no float64 holds",
    "a\n9007199254740993\n",
    /whole number of at most 2\^53 .*found 9007199254740993/,
  ],
  [
    "a time in nanoseconds",
    "a\n1700000000123456789\n",
    /whole number of at most 2\^53 .*found 1700000000123456789; leave the column \(.*dropColumns a\) or such rows/,
  ],
  ["two columns of one name", "a,a\n1,2\n", /two columns are named "a"/],
  ["a column without name", ",a\n0,2\n", /column 1 has no name.*index=False/],
  ["a column without name at the end", "a,b,\n0,2,\n", /column 3 has no name; name it, or end no line with/],
  ["columns without names at the end", "a,,\n0,,\n", /column 2 has no name; name it, or end no line with/],
  [
    "labels without a header",
    "5.1,3.5,setosa\n4.9,3,setosa\n",
    /beside the number 5\.1; add a header .*, or say the setting\sheader yes if this is one/,
  ],
  ["a quote that does not close", 'a\n"1\n2\n', /line 2: a quote does not close/],
  [
    "text after a quote",
    'a,label\n1,"u"v\n',
    /line 2: the end of a cell expected after its closing quote, found "v"/,
  ],
  ["UTF-16", Buffer.from("\uFEFFa,b\n1,2\n", "utf16le"), /text in UTF-8 expected, found UTF-16/],
  ["UTF-16 without a mark", Buffer.from("a,b\n1,2\n", "utf16le"), /found zero bytes, as in UTF-16/],
  ["labels in Latin-1", LATIN1("a,label\n1,caf\u00e9\n2,caf\u00e8\n"), /line 2: text in UTF-8 expected/],
  ["a header in Latin-1", LATIN1("m\u00fc,b\n1,2\n"), /line 1: text in UTF-8 expected/],
  [
    "a number in Latin-1",
    LATIN1(`a\n${"1\n".repeat(200)}\u00bd\n`),
    /line 202, column "a": text in UTF-8 expected/,
  ],
];

for (const [what, text, message] of REFUSED) {
  test(`reading .csv: ${what} is refused with its place`, async (context) => {
    await assert.rejects(load(context, text), (error) => {
      assert.ok(error instanceof RunError, String(error));
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });
  });
}

test("a label far down in another encoding is refused with its row", async (context) => {
  const text = LATIN1(`a,label\n${"1,u\n".repeat(300)}2,caf\u00e9\n`);
  await assert.rejects(load(context, text), /line 302, column "label": text in UTF-8 expected/);
});

test("rows with missing values are left out where that is asked for, and counted", async (context) => {
  const text = "a,b,label\n1,2,u\n,3,v\n4,NA,\n5,6,w\n";
  assert.deepEqual(await contents(context, text, { missing: "drop" }), [
    ["a", "b"],
    [1, 2, 5, 6],
    ["u", "w"],
  ]);
  assert.deepEqual(await noticesOf(context, text, { missing: "drop" }), [
    '2 of 4 rows are left out for missing values: 1 in column "a", 1 in column "b", 1 in column "label"',
  ]);
  assert.deepEqual(await noticesOf(context, "a\n1\n", { missing: "drop" }), []);
  await assert.rejects(
    load(context, "a,b\n,1\n2,\n", { missing: "drop" }),
    /^RunError: client "data" .*: no rows are left: each of its 2 has a missing value$/,
  );
});

test("a column that is not there is refused with those that are", async (context) => {
  const columns = { labelColumn: "species" };
  await assert.rejects(load(context, "a,b\n1,2\n", columns), /no column "species": the columns are a, b/);
  await assert.rejects(load(context, "1,2\n", columns), /no column "species": the file has no header line/);
});

test("a bad cell spoils only the client whose row it is in", async (context) => {
  const columns = { ...COLUMN_DEFAULTS, clientColumn: "site" };
  const { clients } = await table(context, "site,a\nN,1\nS,oops\nN,2\nS,3\n", columns);
  assert.deepEqual([...clients.get("N")!.values], [1, 2]);
  assert.match(clients.get("S")!.problem!.message, /line 3, column "a"/);
});

test("of a file that several clients share, the rows that are wanted are read, wherever the client's name is", async (context) => {
  const rows = Array.from({ length: 50 }, (_, i) => ({ site: ["N", "S", "E"][i % 3], a: i, b: -i / 4 }));
  for (const order of [
    ["site", "a", "b"],
    ["a", "site", "b"],
    ["a", "b", "site"],
  ] as const) {
    const text = [
      order,
      ...rows.map((row) => order.map((name) => (row.b > -6 ? row[name] : `"${row[name]}"`))),
    ].join("\n");
    const path = fileOf(context, text);
    const columns = { ...COLUMN_DEFAULTS, clientColumn: "site" };
    assert.deepEqual(
      [...(await listCsvClients(path, columns))],
      [
        ["N", 17],
        ["S", 17],
        ["E", 16],
      ],
    );
    const { clients } = await readCsvTable(
      path,
      columns,
      new Map([
        ["S", 17],
        ["E", null],
      ]),
    );
    assert.deepEqual([...clients.keys()], ["S", "E"]);
    for (const [name, { values }] of clients) {
      assert.deepEqual(
        [...values],
        rows.filter(({ site }) => site === name).flatMap(({ a, b }) => [a, b]),
      );
    }
  }
});

test("clients named 1 and 1.0 are one", async (context) => {
  const columns = { ...COLUMN_DEFAULTS, clientColumn: "site" };
  const { clients } = await table(context, "site,a\n1,5\n1.0,6\n2.50,7\n", columns);
  assert.deepEqual(
    Array.from(clients, ([name, { values }]) => [name, [...values]]),
    [
      ["1", [5, 6]],
      ["2.50", [7]],
    ],
  );
});

test("a file that is not there is wrong usage", async () => {
  await assert.rejects(readCsvTable("/nowhere/a.csv", COLUMN_DEFAULTS), UsageError);
});
