import assert from "node:assert/strict";
import { test } from "node:test";
import { camelCase, kebabCase, renameFields, snakeCase } from "#src/casing.js";

test("names change their case and come back", () => {
  const names = [
    ["kGlobal", "k-global", "k_global"],
    ["inertia", "inertia", "inertia"],
    ["nSamplesInInertia", "n-samples-in-inertia", "n_samples_in_inertia"],
  ];
  for (const [camel, kebab, snake] of names) {
    assert.deepEqual([kebabCase(camel), snakeCase(camel), camelCase(snake)], [kebab, snake, camel]);
  }
  assert.equal(snakeCase("inertiaRound10"), "inertia_round_10");
  assert.equal(camelCase("inertia_round_10"), "inertiaRound10");
});

test("fields are renamed at every depth, in their order, and values are left as they are", () => {
  const value = { bestStart: { nClusters: 3, error: null }, clusterSizes: [1, 2], runs: [{ kGlobal: "aB" }] };
  const named = renameFields(value, snakeCase);
  assert.equal(
    JSON.stringify(named),
    '{"best_start":{"n_clusters":3,"error":null},"cluster_sizes":[1,2],"runs":[{"k_global":"aB"}]}',
  );
  assert.deepEqual(renameFields(named, camelCase), value);
});
