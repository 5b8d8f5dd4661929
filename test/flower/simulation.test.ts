import assert from "node:assert/strict";
import { test } from "node:test";
import { PENGUINS } from "../support/flower/deployment.js";
import { FLOWER } from "../support/flower/installed.js";
import { assertSameAsHere, withFlower } from "../support/flower/with-flower.js";

/** What whoever starts `flwr run` sets: its SuperLink keeps the environment of the first. */
const ENV = { FEDKMEANS_SIMULATION: "1", TEST_DATA_PATH: PENGUINS, FEDKMEANS_LABEL_COLUMN: "species" };

test(
  `Flower ${FLOWER.current}: its simulation engine gives the run hash of fedkmeans run, and says where nodes are too few`,
  withFlower(FLOWER.current, async (home) => {
    await assertSameAsHere(home, await home.run(null, ["--federation-config", "num-supernodes=3"], ENV));

    const tooFew = await home.run(null, ["--run-config", "wait-for-clients=2"], ENV);
    assert.equal(tooFew.status, "finished:failed");
    assert.match(tooFew.details, /2 of 3 clients can take part/);
    assert.match(tooFew.output, /2 of 3 clients are here/);

    await home.end();
    assert.deepEqual(home.leftOver(), [], "also the SuperLink that flwr run leaves behind");
  }),
);
