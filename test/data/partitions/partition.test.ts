import assert from "node:assert/strict";
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import { writeNpz } from "#src/data/formats/npz.js";
import type { SharedColumns } from "#src/data/formats/table.js";
import type { Partition } from "#src/data/partitions/partition.js";
import { findPartitions, listPartitions } from "#src/data/partitions/partition-list.js";
import { createPartitionLoader } from "#src/data/partitions/partition-loader.js";
import { clientFileId } from "#src/directory/client-name.js";
import { type TypedArray, writeNpy } from "#src/directory/npy.js";
import { RunError, UsageError } from "#src/errors.js";
import { writeFileAtomically } from "#src/files/atomic-write.js";
import { PAPER_DATA, skipWithoutPaperData } from "../../support/datasets.js";
import { COLUMN_DEFAULTS } from "../../support/tables.js";
import { temporaryFolder } from "../../support/temporary.js";

function folderOf(context: TestContext, files: Record<string, string | Uint8Array>): string {
  const folder = temporaryFolder(context);
  for (const [name, contents] of Object.entries(files)) writeFileSync(join(folder, name), contents);
  return folder;
}

async function clientsOf(path: string): Promise<string[]> {
  return (await listPartitions(path, COLUMN_DEFAULTS)).map(({ client }) => client);
}

/** Loads the only client of a folder that holds one file. */
async function loadOnly(
  context: TestContext,
  file: string,
  contents: string | Uint8Array,
  options: SharedColumns = COLUMN_DEFAULTS,
): Promise<Partition> {
  const [ref] = await listPartitions(folderOf(context, { [file]: contents }), options);
  return createPartitionLoader()(ref);
}

const nan = Number.NaN;
const f8 = (shape: number[], values: number[]) => ({ shape, data: Float64Array.from(values) });

test("files named client_* are the clients, in natural order, and nothing else is", async (context) => {
  const folder = folderOf(context, {
    "client_10.npz": "",
    "client_2.npy": "",
    "client_b.csv": "",
    "cluster_centers.npy": "",
    "metadata.json": "",
    "._client_3.npz": "",
    ".client_4.npz.99.tmp": "",
  });
  mkdirSync(join(folder, "old.npz"));
  assert.deepEqual(await clientsOf(folder), ["2", "10", "b"]);
  assert.deepEqual((await findPartitions(folder, COLUMN_DEFAULTS)).notices, []);
});

test("files one may have meant to take part are named in one line, with the reason", async (context) => {
  const noticesOf = async (...names: string[]) => {
    const folder = folderOf(context, Object.fromEntries(names.map((name) => [name, ""])));
    const { notices } = await findPartitions(folder, COLUMN_DEFAULTS);
    return notices.map((notice) => notice.replace(folder, "DIR"));
  };
  const beside = "(beside files named client_*, no others are clients)";
  assert.deepEqual(await noticesOf("client_0.npy", "Client_1.npy", "hospital_b.csv", "README.md"), [
    `left out of DIR: Client_1.npy, hospital_b.csv ${beside}`,
  ]);
  assert.deepEqual(await noticesOf("client_0.npy", "client_1.txt", "a.csv", "plan.xlsx"), [
    `left out of DIR: a.csv ${beside}; client_1.txt, plan.xlsx (of a kind that is not read)`,
  ]);
  assert.deepEqual(await noticesOf("a.csv", "b.csv", "c.sav", "notes.txt", "LICENSE"), [
    "left out of DIR: c.sav (of a kind that is not read)",
  ]);
  const many = Array.from({ length: 12 }, (_, i) => `s${i}.csv`);
  assert.deepEqual(await noticesOf("client_0.csv", ...many), [
    `left out of DIR: s0.csv, s1.csv, s2.csv, s3.csv, s4.csv and 7 more ${beside}`,
  ]);
});

test("a folder or a dead link in the place of a client's file is wrong usage", async (context) => {
  const folder = folderOf(context, { "client_0.npy": "" });
  mkdirSync(join(folder, "client_1.csv"));
  await assert.rejects(
    clientsOf(folder),
    /^UsageError: .*client_1\.csv: cannot be opened: no regular file but a folder$/,
  );
  rmSync(join(folder, "client_1.csv"), { recursive: true });
  symlinkSync(join(folder, "client_0.npy"), join(folder, "client_1.npy"));
  assert.deepEqual(await clientsOf(folder), ["0", "1"]);
  symlinkSync(join(folder, "nowhere"), join(folder, "client_2.npy"));
  await assert.rejects(clientsOf(folder), /^UsageError: .*client_2\.npy: cannot be opened: ENOENT/);
});

test("1 and 1.0 are one client, as they are one class", async (context) => {
  const path = join(
    folderOf(context, { "all.csv": "site,a\n1,10\n2.0,20\n1.0,11\n2,21\n1.5,30\n" }),
    "all.csv",
  );
  const refs = await listPartitions(path, { ...COLUMN_DEFAULTS, clientColumn: "site" });
  const load = createPartitionLoader();
  const found = await Promise.all(refs.map(async (ref) => [ref.client, [...(await load(ref)).rows.data]]));
  assert.deepEqual(found, [
    ["1", [10, 11]],
    ["1.5", [30]],
    ["2", [20, 21]],
  ]);
});

test("without client_* each data file is a client of its name", async (context) => {
  const folder = folderOf(context, { "Dream.csv": "", "Biscoe.npy": "", "README.md": "" });
  assert.deepEqual(await clientsOf(folder), ["Biscoe", "Dream"]);
});

test("a client with two files is refused with both names", async (context) => {
  const folder = folderOf(context, { "a.csv": "", "a.npz": "" });
  await assert.rejects(
    clientsOf(folder),
    /^RunError: client "a" has two files: .*a\.csv and .*a\.npz; keep one$/,
  );
});

test("a file client_.npz names no client", async (context) => {
  await assert.rejects(clientsOf(folderOf(context, { "client_.npz": "" })), /name is empty/);
});

test("a path with no clients is wrong usage and says what is expected", async (context) => {
  const folder = folderOf(context, { "notes.txt": "", "all.csv": "a\n1\n", "b.npz": "" });
  await assert.rejects(clientsOf("/nowhere"), UsageError);
  await assert.rejects(clientsOf(temporaryFolder(context)), /^UsageError: .*no clients.*fedkmeans generate/);
  const unread = folderOf(context, { "client_b.txt": "", "client_a.csv.bz2": "" });
  await assert.rejects(
    clientsOf(unread),
    /no clients: .* expected; found client_a\.csv\.bz2, client_b\.txt, of a kind that is not read; name tables in text \.csv$/,
  );
  await assert.rejects(clientsOf(join(folder, "all.csv")), /^UsageError: .*the setting\sclientColumn/);
  const both = { ...COLUMN_DEFAULTS, labelColumn: "a", clientColumn: "a" };
  await assert.rejects(
    listPartitions(join(folder, "b.npz"), both),
    /^UsageError: .*one file a client expected/,
  );
  await assert.rejects(listPartitions(join(folder, "all.csv"), both), /^UsageError: .*must differ/);
});

test("one CSV file with a client column holds one client for each of its values", async (context) => {
  const text = "site,a,label\nNorth/2,1,u\nSouth,2,v\nNorth/2,3,v\n..,4,u\n";
  const path = join(folderOf(context, { "all.csv": text }), "all.csv");
  const refs = await listPartitions(path, { ...COLUMN_DEFAULTS, clientColumn: "site" });
  assert.deepEqual(
    refs.map(({ client }) => client),
    ["..", "North/2", "South"],
  );
  const load = createPartitionLoader();
  const [, north, south] = await Promise.all(refs.map(load));
  assert.deepEqual([...north.rows.data], [1, 3]);
  assert.deepEqual(north.featureNames, ["a"]);
  assert.deepEqual(
    [north.classes, [...north.labels!]],
    [
      ["u", "v"],
      [0, 1],
    ],
  );
  assert.deepEqual([south.classes, [...south.labels!]], [["v"], [0]]);
});

test("a reference survives structuredClone, as it travels between threads", async (context) => {
  const [ref] = await listPartitions(folderOf(context, { "a.csv": "x\n1\n" }), COLUMN_DEFAULTS);
  assert.deepEqual((await createPartitionLoader()(structuredClone(ref))).rows, {
    data: Float64Array.of(1),
    nRows: 1,
    nColumns: 1,
  });
});

test("one client's bad cell or missing name does not stop the others of its file", async (context) => {
  const path = join(folderOf(context, { "all.csv": "site,a\nN,1\nS,\n" }), "all.csv");
  const refs = await listPartitions(path, { ...COLUMN_DEFAULTS, clientColumn: "site" });
  const [north, south] = await Promise.allSettled(refs.map(createPartitionLoader()));
  assert.equal(north.status, "fulfilled");
  assert.match(String((south as PromiseRejectedResult).reason), /line 3, column "a": a missing value/);
});

test("a row that names no client is refused when clients are listed", async (context) => {
  const path = join(folderOf(context, { "all.csv": "site,a\nN,1\n,2\n" }), "all.csv");
  const listing = listPartitions(path, { ...COLUMN_DEFAULTS, clientColumn: "site" });
  await assert.rejects(listing, /line 3, column "site": a client's name is missing/);
});

test("rows are X, or the only table, or a vector as one column", async (context) => {
  const X = f8([2, 2], [1, 2, 3, 4]);
  const spread = f8([2], [9, 9]);
  assert.equal(
    (await loadOnly(context, "a.npz", await writeNpz({ other: f8([1, 1], [0]), X }))).rows.nRows,
    2,
  );
  assert.equal((await loadOnly(context, "a.npz", await writeNpz({ spread, rows: X }))).rows.nColumns, 2);
  assert.equal((await loadOnly(context, "a.npz", await writeNpz({ X: spread }))).rows.nColumns, 1);
  assert.equal((await loadOnly(context, "a.npy", writeNpy(X))).rows.nColumns, 2);
  assert.equal((await loadOnly(context, "a.npy", writeNpy(spread))).rows.nColumns, 1);
});

test("whole numbers are the same classes whatever their dtype, sorted by value", async (context) => {
  const X = f8([4, 1], [1, 2, 3, 4]);
  const typed: TypedArray[] = [
    Float64Array.of(10, 2, -1, 2),
    Int32Array.of(10, 2, -1, 2),
    BigInt64Array.of(10n, 2n, -1n, 2n),
  ];
  for (const data of typed) {
    const { classes, labels } = await loadOnly(
      context,
      "a.npz",
      await writeNpz({ X, y: { shape: [4], data } }),
    );
    assert.deepEqual(classes, ["-1", "2", "10"]);
    assert.deepEqual([...labels!], [2, 1, 0, 1]);
  }
});

test("the label column names the array of labels; a file without it has none", async (context) => {
  const archive = await writeNpz({ X: f8([1, 1], [1]), y: f8([1], [5]), island: f8([1], [7]) });
  const load = (labelColumn: string) =>
    loadOnly(context, "a.npz", archive, { ...COLUMN_DEFAULTS, labelColumn });
  assert.deepEqual((await load("island")).classes, ["7"]);
  const absent = await load("species");
  assert.deepEqual([absent.labels, absent.notices], [null, ['no labels: no array "species"']]);
  const rows = await load("X");
  assert.deepEqual([rows.labels, rows.notices], [null, ['no labels: the array "X" holds the rows']]);
});

test("a column of labels of a .npy file, which has none, is said to name nothing", async (context) => {
  const load = (labelColumn: string | null) =>
    loadOnly(context, "a.npy", writeNpy(f8([1, 1], [1])), { ...COLUMN_DEFAULTS, labelColumn });
  const { labels, notices } = await load("species");
  assert.equal(labels, null);
  assert.match(
    notices!.join(),
    /^no labels: a \.npy file holds rows alone, .* the setting\slabelColumn species could/,
  );
  for (const said of [null, "none"]) assert.deepEqual((await load(said)).notices, []);
});

test("columns of an array without names cannot be chosen, and that is said", async (context) => {
  const options = { ...COLUMN_DEFAULTS, dropColumns: ["id"] };
  const loading = loadOnly(context, "a.npy", writeNpy(f8([1, 1], [1])), options);
  await assert.rejects(loading, /no column "id": the columns of its array have no names/);
});

test("rows of an array with missing values are left out where that is asked for", async (context) => {
  const archive = await writeNpz({ X: f8([3, 2], [1, nan, 3, 4, 5, 6]), y: f8([3], [0, 1, nan]) });
  const { rows, labels, classes, notices } = await loadOnly(context, "a.npz", archive, {
    ...COLUMN_DEFAULTS,
    missing: "drop",
  });
  assert.deepEqual([[...rows.data], rows.nRows, [...labels!], classes], [[3, 4], 1, [0], ["1"]]);
  assert.deepEqual(notices, ['2 of 3 rows are left out for missing values: 1 in feature 1, 1 in column "y"']);
});

const BAD_ARRAYS: [string, Record<string, { shape: number[]; data: TypedArray }>, RegExp][] = [
  [
    "no array of rows",
    { a: f8([1], [1]), b: f8([1, 1, 1], [1]) },
    /X of rows expected, found a \(1,\), b \(1, 1, 1\)/,
  ],
  ["two tables", { a: f8([1, 1], [1]), b: f8([1, 1], [1]) }, /found a \(1, 1\), b \(1, 1\)/],
  ["an empty archive", {}, /found no arrays/],
  ["images", { X: f8([1, 2, 2], [1, 2, 3, 4]) }, /found shape \(1, 2, 2\); reshape/],
  ["no rows", { X: f8([0, 3], []) }, /no rows/],
  ["no features", { X: f8([3, 0], []) }, /no features/],
  [
    "NaN",
    { X: f8([2, 2], [1, 2, 3, nan]) },
    /row 1 \(counted from 0\), feature 1: a missing value; 1 of 2 rows has one/,
  ],
  ["infinity", { X: f8([1, 1], [-Infinity]) }, /row 0 .* found -Infinity/],
  ["too few labels", { X: f8([2, 1], [1, 2]), y: f8([1], [0]) }, /found 1 labels and 2 rows/],
  ["labels in columns", { X: f8([2, 1], [1, 2]), y: f8([2, 2], [0, 1, 1, 0]) }, /labels of shape \(rows,\)/],
  [
    "a NaN label",
    { X: f8([2, 1], [1, 2]), y: f8([2], [0, nan]) },
    /row 1 \(counted from 0\), label: a missing value/,
  ],
];

for (const [what, arrays, message] of BAD_ARRAYS) {
  test(`a .npz file with ${what} is refused, naming client and file`, async (context) => {
    await assert.rejects(loadOnly(context, "client_7.npz", await writeNpz(arrays)), (error) => {
      assert.ok(error instanceof RunError, String(error));
      assert.match(error.message, message);
      assert.match(error.message, /^client "7" \(.*client_7\.npz\)/);
      return true;
    });
  });
}

test("a CSV file with a header only has no rows", async (context) => {
  await assert.rejects(loadOnly(context, "a.csv", "x,y\n"), /client "a" \(.*a\.csv\): no rows/);
});

test("penguins: three islands as clients, 342 rows of three species", async () => {
  const refs = await listPartitions("data/penguins", { ...COLUMN_DEFAULTS, labelColumn: "species" });
  assert.deepEqual(
    refs.map(({ client }) => client),
    ["Biscoe", "Dream", "Torgersen"],
  );
  const partitions = await Promise.all(refs.map(createPartitionLoader()));
  assert.deepEqual(
    partitions.map(({ rows }) => rows.nRows),
    [167, 124, 51],
  );
  assert.deepEqual(
    partitions.map(({ classes }) => classes.join(" ")),
    ["Adelie Gentoo", "Adelie Chinstrap", "Adelie"],
  );
});

test("the paper's own data loads", { skip: skipWithoutPaperData }, async () => {
  const partitions = await Promise.all(
    (await listPartitions(join(PAPER_DATA, "beta0.1_ppc50_noise1"), COLUMN_DEFAULTS)).map(
      createPartitionLoader(),
    ),
  );
  const total = partitions.reduce((sum, { rows }) => sum + rows.nRows, 0);
  assert.deepEqual([partitions.length, total, partitions[0].rows.nColumns], [5, 800, 2]);
});

test("a client's name becomes part of a file name and back, whatever it holds", () => {
  assert.equal(clientFileId("Biscoe 2_a-b.c"), "Biscoe 2_a-b.c");
  assert.equal(clientFileId("Zürich 東京"), "Zürich 東京");
  assert.equal(clientFileId("../etc"), "%2E.%2Fetc");
  assert.equal(clientFileId("a_weights"), "a%5Fweights");
  // Where a file system does not tell cases apart.
  assert.equal(clientFileId("a_Weights"), "a%5FWeights");
  assert.equal(clientFileId("_weights_"), "_weights_");
  assert.throws(() => clientFileId(""), /name is empty/);
  assert.throws(() => clientFileId("x".repeat(201)), /201 bytes/);
  const names = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
    // A byte takes three letters at most.
    .filter((name) => 3 * Buffer.byteLength(name) <= 200);
  fc.assert(
    fc.property(names, (name) => {
      const id = clientFileId(name);
      assert.equal(decodeURIComponent(id), name);
      assert.doesNotMatch(id, /^\.|[/\\:*?"<>|\p{C}]/u);
    }),
  );
});

test("an atomic write leaves the whole file or nothing", (context) => {
  const folder = temporaryFolder(context);
  writeFileAtomically(join(folder, "a.txt"), "one");
  writeFileAtomically(join(folder, "a.txt"), Buffer.from("two"));
  mkdirSync(join(folder, "taken"));
  assert.throws(() => writeFileAtomically(join(folder, "taken"), "x"));
  assert.deepEqual(readdirSync(folder).sort(), ["a.txt", "taken"]);
});
