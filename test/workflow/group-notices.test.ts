import assert from "node:assert/strict";
import { test } from "node:test";
import { nameSettings } from "#src/errors.js";
import { agree } from "#src/workflow/agreement.js";
import { groupNotices } from "#src/workflow/group-notices.js";
import type { ClientDescription } from "#src/workflow/handshake.js";
import { describeNotice } from "#src/workflow/notice.js";
import type { Protection } from "#src/workflow/protection.js";

function described(name: string, weights: readonly number[], protection: Protection): ClientDescription {
  return {
    name,
    nSamples: weights.reduce((sum, weight) => sum + weight, 0),
    nFeatures: 2,
    featureNames: null,
    hasLabels: false,
    labelColumn: null,
    protection,
    nPoints: weights.length,
    leastWeight: weights.length === 0 ? 0 : Math.min(...weights),
    greatestWeight: Math.max(0, ...weights),
    bounds: null,
  };
}

const FIVE: Protection = { mode: "groups", groupSize: 5, privacyThreshold: 1 };

/** The notices of a run of these clients, with settings by their names. */
function said(clients: readonly (readonly number[])[], k: number, protection = FIVE): string[] {
  const agreement = agree(
    clients.map((weights, i) => described(`c${i}`, weights, protection)),
    k,
  );
  return groupNotices(agreement, k).map((notice) => nameSettings(describeNotice(notice), (name) => name));
}

test("what stands for the rows is said in a line: how many groups, of how few and how many rows, by which setting", () => {
  assert.deepEqual(said([Array(30).fill(5), [...Array(30).fill(6), 9]], 1), [
    "339 rows as 61 groups of 5 to 9 (groupSize 5; groupSize 1 computes from rows, as scikit-learn does, with no " +
      "protection from the server)",
  ]);
});

test("clients of fewer rows than a group are counted, and are not among the sizes of groups", () => {
  const lines = said([Array(30).fill(5), [], Array(30).fill(7), []], 1);
  assert.match(lines[0], /^360 rows as 60 groups of 5 to 7 /);
  assert.equal(lines[1], "2 clients of fewer rows than a group took part with nothing");
  assert.match(
    said([Array(30).fill(5), []], 1)[1],
    /^1 client of fewer rows than a group took part with nothing$/,
  );
});

test("where rows are computed from there is nothing to say", () => {
  const rows = Array(40).fill(1);
  assert.deepEqual(said([rows, rows], 3, { ...FIVE, groupSize: 1 }), []);
  assert.deepEqual(said([rows, rows], 3, { mode: "threshold", groupSize: 1, privacyThreshold: 2 }), []);
});

test("more clusters than groups are refused with both numbers", () => {
  assert.throws(
    () =>
      said(
        [
          [5, 6, 5],
          [5, 7, 8],
        ],
        8,
      ),
    (error: Error) =>
      nameSettings(error.message, (name) => name) ===
      "cannot make 8 clusters of 6 groups (36 rows, groupSize 5): kGlobal must be at most the number of groups",
  );
});
