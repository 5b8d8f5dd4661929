import assert from "node:assert/strict";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, type TestContext, test } from "node:test";
import { readNpyTexts } from "#src/data/formats/npy-text.js";
import { writeNpz } from "#src/data/formats/npz.js";
import type { TableOptions } from "#src/data/formats/table.js";
import type { Partition } from "#src/data/partitions/partition.js";
import { createPartitionLoader } from "#src/data/partitions/partition-loader.js";
import { type TypedArray, writeNpy } from "#src/directory/npy.js";
import { RunError } from "#src/errors.js";
import { runOnNodeAndDeno } from "../../support/deno.js";
import { runPython, skipWithoutPython } from "../../support/python.js";
import { TABLE_DEFAULTS } from "../../support/tables.js";
import { temporaryFolder } from "../../support/temporary.js";

const f8 = (shape: number[], values: number[]) => ({ shape, data: Float64Array.from(values) });

function load(path: string, labelColumn: string | null = null): Promise<Partition> {
  return createPartitionLoader()({
    client: "a",
    path,
    table: { ...TABLE_DEFAULTS, labelColumn },
    clientColumn: null,
  });
}

async function loadArchive(
  context: TestContext,
  arrays: Record<string, { shape: number[]; data: TypedArray }>,
  labelColumn: string | null = null,
): Promise<Partition> {
  const path = join(temporaryFolder(context), "a.npz");
  writeFileSync(path, await writeNpz(arrays));
  return load(path, labelColumn);
}

function labelsOf({ labels, classes }: Partition): string[] {
  return Array.from(labels!, (label) => classes[label]);
}

/** Files that NumPy and SciPy write, by name. */
let folder: string;
before(async (context) => {
  if (skipWithoutPython !== false) return;
  folder = temporaryFolder(context as TestContext);
  runPython(
    `
import sys, os, numpy as np, scipy.sparse
os.chdir(sys.argv[1])
X = np.array([[1., 2.], [3., 4.], [5., 6.]])
names = ["Adélie", "Gentoo", "Adélie"]
for dtype in ("<U10", ">U10", "O"):
    np.savez("text_" + dtype.strip("<>") + ("_be" if ">" in dtype else ""), X=X, y=np.array(names, dtype=dtype))
np.savez_compressed("text_S", X=X, y=np.char.encode(np.array(names), "utf-8"))
np.savez("text_latin1", X=X, y=np.char.encode(np.array(names), "latin-1"))
np.savez("text_missing", X=X, y=np.array(["a", "", "b"]))
np.savez("text_column", X=X, y=np.array([["3.0"], ["3"], [" 4 "]]))
info = np.array({"made": "by hand"}, dtype=object)
np.savez("bunch", data=X, target=np.array([0, 1, 0]), frame=info, feature_names=["length", "depth"],
  target_names=np.array(["a", "b"]), DESCR="Penguins", filename="penguins.csv")
np.savez("meta", x=X, y=np.array(names), info=info)
np.savez("coordinates", X=X, x=X[:, 0], y=X[:, 1])
np.savez("positional", X, np.array([1, 2, 3]))
np.savez("odd_names", X=X, feature_names=["a", "b", "c"])
np.savez("same_names", X=X, feature_names=["a", "a"])
np.savez("object_names", X=X, feature_names=np.array(["a", "b"], dtype=object))
np.savez("object_rows", data=X.astype(object), pairs=X)
np.savez("object_only", np.array([[1, "a"]], dtype=object))
for kind in ("csr", "csc", "coo", "dia", "bsr"):
    scipy.sparse.save_npz("sparse_" + kind, scipy.sparse.csr_matrix(X).asformat(kind))
np.savez("sparse_in_npz", X=scipy.sparse.csr_matrix(X))
np.save("sparse.npy", scipy.sparse.csr_matrix(X))
np.save("objects.npy", X.astype(object))
np.save("texts.npy", np.array(names))
np.save("fortran.npy", np.asfortranarray(np.array([["a", "b", "c"], ["d", "e", ""]])))
large = np.zeros((300000, 10))
np.savez_compressed("large", X=X, unwanted=large)
np.savez_compressed("zeros", X=large)
`,
    [folder],
  );
});

const skip = skipWithoutPython;
const at = (name: string) => join(folder, name);

test("labels that are text are read as those of a CSV file are, in every way NumPy saves them", {
  skip,
}, async () => {
  writeFileSync(at("same.csv"), "a,b,y\n1,2,Adélie\n3,4,Gentoo\n5,6,Adélie\n");
  const { rows, labels, classes } = await load(at("same.csv"));
  assert.deepEqual(classes, ["Adélie", "Gentoo"]);
  for (const file of ["text_U10.npz", "text_U10_be.npz", "text_S.npz"]) {
    const partition = await load(at(file));
    assert.deepEqual(
      { rows, labels, classes },
      { rows: partition.rows, labels: partition.labels, classes: partition.classes },
      file,
    );
    assert.equal(partition.labelColumn, "y");
  }
  assert.deepEqual(labelsOf(await load(at("text_column.npz"))), ["3", "3", "4"]);
});

test("columns can be chosen by the names of an archive", { skip }, async () => {
  const load = (options: Partial<TableOptions>) =>
    createPartitionLoader()({
      client: "a",
      path: at("bunch.npz"),
      table: { ...TABLE_DEFAULTS, ...options },
      clientColumn: null,
    });
  const swapped = await load({ columns: ["depth", "length"] });
  assert.deepEqual(
    [swapped.featureNames, [...swapped.rows.data]],
    [
      ["depth", "length"],
      [2, 1, 4, 3, 6, 5],
    ],
  );
  const left = await load({ dropColumns: ["length"] });
  assert.deepEqual([left.featureNames, [...left.rows.data]], [["depth"], [2, 4, 6]]);
  await assert.rejects(load({ columns: ["width"] }), /no column "width": the columns are length, depth/);
});

test("arrays that nobody needs are passed over, whatever they hold", { skip }, async () => {
  const bunch = await load(at("bunch.npz"));
  assert.deepEqual([...bunch.rows.data], [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(labelsOf(bunch), ["0", "1", "0"]);
  assert.deepEqual(bunch.featureNames, ["length", "depth"]);
  assert.deepEqual(labelsOf(await load(at("meta.npz"))), ["Adélie", "Gentoo", "Adélie"]);
  assert.equal((await load(at("coordinates.npz"))).labels, null);
  assert.equal((await load(at("positional.npz"))).rows.nColumns, 2);
  assert.equal((await load(at("positional.npz"))).labels, null);
  assert.deepEqual(labelsOf(await load(at("positional.npz"), "arr_1")), ["1", "2", "3"]);
  assert.equal((await load(at("bunch.npz"), "none")).labels, null);
});

test("names of features are taken where there are as many as features, and all differ", {
  skip,
}, async () => {
  for (const file of ["odd_names.npz", "same_names.npz", "object_names.npz"]) {
    assert.equal((await load(at(file))).featureNames, null, file);
  }
});

test("an array of labels that is not there is named, and its client has none", async (context) => {
  const arrays = { X: f8([1, 1], [1]), y: f8([1], [5]) };
  const { labels, notices } = await loadArchive(context, arrays, "species");
  assert.equal(labels, null);
  assert.deepEqual(notices, ['no labels: no array "species"']);
});

const REFUSED: [file: string, message: RegExp][] = [
  [
    "text_O.npz",
    /array "y"\): holds Python objects \(dtype object\), which fedkmeans never unpickles; .*astype\(str\)/,
  ],
  ["text_latin1.npz", /array "y": element 0 .*: bytes of UTF-8 text expected/],
  ["text_missing.npz", /row 1 \(counted from 0\), label: a missing value/],
  ["object_rows.npz", /array "data"\): holds Python objects/],
  ["object_only.npz", /X of rows expected, found arr_0 \(holds Python objects .*\)$/],
  ...["csr", "csc", "coo", "dia", "bsr"].map((kind): [string, RegExp] => [
    `sparse_${kind}.npz`,
    /holds a scipy\.sparse matrix; save its dense rows instead/,
  ]),
  ["sparse_in_npz.npz", /array "X"\): holds a scipy\.sparse matrix; save its dense rows/],
  ["sparse.npy", /holds a scipy\.sparse matrix; save its dense rows/],
  ["objects.npy", /holds Python objects \(dtype object\)/],
  ["texts.npy", /holds strings .*; save real numbers/],
];

test("arrays that cannot be read where they are needed are refused by name", { skip }, async () => {
  for (const [file, message] of REFUSED) {
    await assert.rejects(load(at(file)), (error) => {
      assert.ok(error instanceof RunError, `${file}: ${error}`);
      assert.match(error.message, message, file);
      assert.ok(error.message.includes(file), error.message);
      return true;
    });
  }
});

test("texts in Fortran order come in C order", { skip }, () => {
  assert.deepEqual(readNpyTexts(readFileSync(at("fortran.npy")), "texts"), {
    shape: [2, 3],
    texts: ["a", "b", "c", "d", "e", ""],
  });
});

/** An archive of NumPy's, its member X deflated, with some bytes of the array's header replaced. */
function withHeader(file: string, from: string, to: string): Buffer {
  const made = runPython(
    `
import sys, zipfile, base64, io
source = zipfile.ZipFile(sys.argv[1])
out = io.BytesIO()
with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
    for name in source.namelist():
        target.writestr(name, source.read(name).replace(sys.argv[2].encode("latin-1"), sys.argv[3].encode("latin-1"), 1))
print(base64.b64encode(out.getvalue()).decode())
`,
    [file, from, to],
  );
  return Buffer.from(made, "base64");
}

test("no more of a member is inflated than its own header says it has", { skip }, async () => {
  // 24 MB of zeros in 24 kB, of which the header says that they are three rows: nothing but the header is read.
  const bomb = withHeader(at("zeros.npz"), "'shape': (300000, 10), ", "'shape': (3, 10),      ");
  writeFileSync(at("bomb.npz"), bomb);
  assert.ok(bomb.length < 2 ** 16);
  const before = process.memoryUsage().arrayBuffers;
  await assert.rejects(
    load(at("bomb.npz")),
    /unexpected bytes after the last element: 240 bytes expected for shape \(3, 10\) of <f8, 24000000 found/,
  );
  assert.ok(process.memoryUsage().arrayBuffers - before < 2 ** 23);
});

test("an array that nobody needs is not inflated, on Node and on Deno", { skip }, (context) => {
  const npz = Buffer.from(readFileSync(at("large.npz")));
  // Its data are no deflated data any more: whoever inflates them fails.
  npz.fill(0xff, npz.length - 2000, npz.length - 1000);
  writeFileSync(at("spoilt.npz"), npz);
  const { node, deno } = runOnNodeAndDeno(
    temporaryFolder(context),
    `
const { createPartitionLoader } = require(${JSON.stringify(require.resolve("#src/data/partitions/partition-loader.js"))});
const TABLE_DEFAULTS = ${JSON.stringify(TABLE_DEFAULTS)};
const load = (path, table) => createPartitionLoader()({ client: "a", path, table, clientColumn: null });
async function main() {
  for (const file of ["spoilt.npz", "bomb.npz"].map((name) => ${JSON.stringify(`${folder}/`)} + name)) {
    await load(file, TABLE_DEFAULTS).then(({ rows }) => console.log(rows.nRows), (error) => console.log(error.message));
  }
  await load(${JSON.stringify(`${folder}/spoilt.npz`)}, { ...TABLE_DEFAULTS, labelColumn: "unwanted" }).catch((error) => console.log(error.message));
}
main();
`,
  );
  assert.equal(deno, node);
  const [rows, bomb, shape] = node.split("\n");
  assert.equal(rows, "3");
  assert.match(bomb, /24000000 found/);
  assert.match(shape, /array "unwanted": labels of shape \(rows,\) expected, found shape \(300000, 10\)/);
});

test("a file that the machine's memory cannot hold is refused with its size", async (context) => {
  const path = join(temporaryFolder(context), "huge.npy");
  writeFileSync(path, writeNpy(f8([1, 1], [1])));
  try {
    truncateSync(path, 2 ** 43);
  } catch {
    return context.skip("the file system has no files of 8 TiB with holes");
  }
  await assert.rejects(load(path), /huge\.npy: .*it takes 8192\.0 GiB of memory, and this machine has/);
});
