import assert from "node:assert/strict";
import { test } from "node:test";
import { clientTitle, othersTitle } from "#src/scene/text/names.js";
import { sampleExperiment, still } from "../../support/sample.js";
import { sceneOf, texts } from "../../support/scene.js";

test("a client whose name is a number is told from a cluster's number", () => {
  assert.equal(clientTitle("0"), "Client 0");
  assert.equal(clientTitle("12"), "Client 12");
  assert.equal(clientTitle("Ward 3"), "Ward 3");
  assert.equal(othersTitle(1189), "1,189 more clients");
  const experiment = sampleExperiment();
  const clients = experiment.clients.map((client, i) => ({ ...client, name: String(i) }));
  for (const view of ["local", "global", "aggregation"] as const) {
    const shown = texts(sceneOf({ ...experiment, clients }, still(2, view)));
    for (const i of clients.keys()) assert.ok(shown.includes(`Client ${i}`), `${view}: client ${i}`);
  }
});
