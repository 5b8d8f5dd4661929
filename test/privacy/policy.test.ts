import assert from "node:assert/strict";
import { test } from "node:test";
import { groupsPolicy, NO_POLICY, protectsLess, thresholdPolicy } from "#src/privacy/policy.js";

test("rows are protected least, then by a threshold, then in groups, the more the larger", () => {
  const ordered = [NO_POLICY, thresholdPolicy(2), groupsPolicy(2), groupsPolicy(5), groupsPolicy(6)];
  for (const [i, one] of ordered.entries()) {
    for (const [j, other] of ordered.entries()) assert.equal(protectsLess(one, other), i < j, `${i}, ${j}`);
  }
});
