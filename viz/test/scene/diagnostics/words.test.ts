import assert from "node:assert/strict";
import { test } from "node:test";
import { silhouettesOf } from "#src/read/silhouette.js";
import { captionOf } from "#src/scene/diagnostics/words.js";
import { sampleExperiment } from "../../support/sample.js";

test("a caption gives the number of all groups only where silhouettes are of all of them", () => {
  const sample = sampleExperiment();
  const captionFor = (isGrouped: (client: number) => boolean) => {
    const experiment = {
      ...sample,
      groups: { count: 40, least: 4, most: 6 },
      clients: sample.clients.map((client, i) => {
        const { points } = client;
        if (points === null) return client;
        const weights = isGrouped(i) ? new Float64Array(points.nPoints).fill(5) : null;
        return { ...client, points: { ...points, weights } };
      }),
    };
    return captionOf(experiment, {
      silhouettes: silhouettesOf(experiment, 3),
      classes: null,
      scree: null,
      stability: null,
    });
  };
  const first = sample.clients.findIndex(({ points }) => points !== null);
  assert.match(
    captionFor(() => true),
    /\(40 groups of 4 to 6 rows\); each counts with its rows/,
  );
  const some = captionFor((client) => client === first);
  assert.match(some, /rows and groups/);
  assert.match(some, /; a group counts with its rows/);
  assert.doesNotMatch(some, /40 groups/);
});
