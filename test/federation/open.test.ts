import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { bytesOfPartitions } from "#src/data/partitions/partition-bytes.js";
import type { PartitionRef } from "#src/data/partitions/partition-list.js";
import { type OpenOptions, openFederation } from "#src/federation/open.js";
import { thresholdPolicy } from "#src/privacy/policy.js";
import { TABLE_DEFAULTS } from "../support/tables.js";
import { temporaryFolder } from "../support/temporary.js";

const OPTIONS: OpenOptions = {
  carrier: "auto",
  threads: null,
  policy: thresholdPolicy(2),
  kGlobal: 3,
  kLocal: null,
  restarts: 10,
  localIterations: 1,
  recordClientData: false,
  maxSilhouetteSamples: 20_000,
};

const inFile = (client: string, path: string): PartitionRef => ({
  client,
  path,
  table: TABLE_DEFAULTS,
  clientColumn: null,
});

test("what clients hold is counted where it lies, a file that they share once, and a file that is gone not at all", (t) => {
  const path = join(temporaryFolder(t), "all.csv");
  writeFileSync(path, "1,2\n".repeat(25));
  const refs = [inFile("a", path), inFile("b", path), inFile("c", `${path}.gone`)];
  assert.equal(bytesOfPartitions(refs, 1000), 100);
  assert.ok(bytesOfPartitions(refs, 10) > 10);
});

test("little data runs on the calling thread unless threads are asked for; much data or much work on threads", async (t) => {
  const folder = temporaryFolder(t);
  const little = join(folder, "little.csv");
  writeFileSync(little, "1,2\n3,4\n5,6\n");
  const much = join(folder, "much.csv");
  writeFileSync(much, "1,2\n".repeat(2 ** 19));
  const opened = async (path: string, options: Partial<OpenOptions> = {}) => {
    const { federation, carrier, threads } = await openFederation([inFile("a", path)], {
      ...OPTIONS,
      ...options,
    });
    await federation.close();
    assert.deepEqual(federation.clients, ["a"]);
    assert.notEqual(federation.simulation, null);
    return [carrier, threads];
  };
  const all = availableParallelism();
  assert.deepEqual(await opened(little), ["inline", 1]);
  assert.deepEqual(await opened(little, { threads: 2 }), ["threads", 2]);
  assert.deepEqual(await opened(little, { carrier: "threads" }), ["threads", all]);
  assert.deepEqual(await opened(little, { carrier: "inline", threads: 2 }), ["inline", 1]);
  assert.deepEqual(await opened(much), ["threads", all]);
  assert.deepEqual(await opened(little, { kGlobal: 2 ** 27 }), ["threads", all]);
  assert.deepEqual(await opened(much, { carrier: "inline" }), ["inline", 1]);
});
