import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { generateBlobs } from "#src/data/generators/generate-blobs.js";
import { generateInto } from "#src/data/generators/schemes.js";
import { listPartitions } from "#src/data/partitions/partition-list.js";
import { createPartitionLoader } from "#src/data/partitions/partition-loader.js";
import { UsageError } from "#src/errors.js";
import { runPython, skipWithoutPython } from "../../support/python.js";
import { COLUMN_DEFAULTS } from "../../support/tables.js";
import { temporaryFolder } from "../../support/temporary.js";

test("what is written loads as the same rows and labels", async (context) => {
  const folder = join(temporaryFolder(context), "made", "here");
  await generateInto(folder, "blobs", { numClients: 11 });
  const { clients } = generateBlobs({ numClients: 11 });
  const refs = await listPartitions(folder, COLUMN_DEFAULTS);
  const partitions = await Promise.all(refs.map(createPartitionLoader()));
  assert.deepEqual(
    refs.map(({ client }) => client),
    clients.map(({ name }) => name),
  );
  for (const [i, { rows, labels, classes }] of partitions.entries()) {
    assert.deepEqual(rows, clients[i].rows);
    assert.deepEqual(
      Array.from(labels!, (index) => Number(classes[index])),
      [...clients[i].labels],
    );
  }
});

test("NumPy finds in the files what the metadata says of them", {
  skip: skipWithoutPython,
}, async (context) => {
  const folder = temporaryFolder(context);
  await generateInto(folder, "blobs", { numClients: 5 });
  runPython(
    `
import sys, json, numpy as np
folder = sys.argv[1]
about = json.load(open(folder + "/metadata.json"))
assert about["schema_version"] == 1 and about["scheme"] == "blobs"
assert about["configuration"] == {"num_clients": 5, "samples_per_client": 100, "num_features": 2,
    "num_clusters": 3, "cluster_std": 1, "non_iid_factor": 0.5, "overlap_factor": 0, "density_variation": 0,
    "random_state": 42}, about["configuration"]
assert (about["n_samples"], about["n_features"], about["n_clusters"]) == (500, 2, 3)
assert np.load(folder + "/cluster_centers.npy").shape == (3, 2)
for i, client in enumerate(about["clients"]):
    data = np.load(folder + "/" + client["file"])
    X, y = data["X"], data["y"]
    assert client["name"] == str(i) and client["file"] == f"client_{i}.npz"
    assert X.dtype == "<f8" and y.dtype == "<i8" and X.shape == (client["n_samples"], 2)
    assert client["label_counts"] == {str(l): int(n) for l, n in zip(*np.unique(y, return_counts=True))}
    for j, feature in enumerate(client["features"]):
        for name in ["mean", "std", "min", "max"]:
            assert np.isclose(feature[name], getattr(X[:, j], name)(), rtol=1e-12, atol=1e-12), (name, feature)
`,
    [folder],
  );
});

test("a smaller generation leaves no client of the larger one before it", async (context) => {
  const folder = temporaryFolder(context);
  await generateInto(folder, "blobs", { numClients: 7 });
  await generateInto(folder, "blobs", { numClients: 2 });
  const expected = ["client_0.npz", "client_1.npz", "cluster_centers.npy", "metadata.json"];
  assert.deepEqual(readdirSync(folder).sort(), expected);
});

test("a client file that nobody generated stays, and is refused by name", async (context) => {
  for (const file of ["client_0.npz", "client_Dream.csv", "client_9.npy"]) {
    const folder = temporaryFolder(context);
    writeFileSync(join(folder, file), "mine");
    await assert.rejects(generateInto(folder, "blobs", { numClients: 2 }), (error) => {
      assert.ok(error instanceof UsageError && error.message.includes(join(folder, file)), String(error));
      return true;
    });
    assert.deepEqual(readdirSync(folder), [file]);
    assert.equal(readFileSync(join(folder, file), "utf8"), "mine");
  }
});

test("a metadata.json that names other files makes none of them ours to remove", async (context) => {
  const clients = [{ file: "../client_1.npz" }, { file: "notes.txt" }, null, 3];
  for (const text of [JSON.stringify({ schema_version: 1, clients }), "[]", "{", '{"schema_version": 1}']) {
    const parent = temporaryFolder(context);
    const folder = join(parent, "data");
    mkdirSync(folder);
    writeFileSync(join(parent, "client_1.npz"), "mine");
    writeFileSync(join(folder, "notes.txt"), "mine");
    writeFileSync(join(folder, "metadata.json"), text);
    await generateInto(folder, "blobs", { numClients: 1 });
    assert.ok(readdirSync(folder).includes("notes.txt"));
    assert.ok(readdirSync(parent).includes("client_1.npz"));
  }
});

test("when a file cannot be put in place no temporary file is left", async (context) => {
  const folder = temporaryFolder(context);
  mkdirSync(join(folder, "metadata.json"));
  await assert.rejects(generateInto(folder, "blobs", { numClients: 2 }));
  assert.deepEqual(readdirSync(folder), ["metadata.json"]);
});

test("a folder that cannot be made is wrong usage", async (context) => {
  const file = join(temporaryFolder(context), "file");
  writeFileSync(file, "");
  await assert.rejects(
    generateInto(file, "blobs", { numClients: 1 }),
    /^UsageError: .*cannot be made a folder/,
  );
});
