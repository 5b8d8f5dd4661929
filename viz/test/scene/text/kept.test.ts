import assert from "node:assert/strict";
import { test } from "node:test";
import type { Experiment, LocalFacts } from "#src/read/experiment.js";
import { keptText } from "#src/scene/text/kept.js";
import { sampleExperiment } from "../../support/sample.js";

test("why a mean is kept is said as far as it is known", () => {
  const sample = sampleExperiment();
  const sent = sample.rounds[1].locals.map((local) => ({ ...local, withheld: [] }));
  const said = (locals: readonly LocalFacts[], more: Partial<Experiment> = {}) => {
    const rounds = sample.rounds.map((round) => ({ ...round, locals }));
    return keptText({ ...sample, rounds, ...more }, 1, 3);
  };
  assert.equal(said(sample.rounds[1].locals), "kept, 3 withheld");
  assert.equal(said(sent), "kept, no rows");
  // Of a group that is nearest to another mean, single rows may be nearest to this one.
  assert.equal(said(sent, { groups: { count: 9, least: 5, most: 9 } }), "kept, no groups");
  assert.equal(said(sent.slice(1)), "kept");
  const elsewhere = sent.map((local) => ({ ...local, origins: local.origins.map(() => 3) }));
  assert.equal(said(elsewhere), "kept");
  const unknown = sent.map((local) => ({ ...local, origins: local.origins.map(() => null) }));
  assert.equal(said(unknown), "kept");
});
