import assert from "node:assert/strict";
import { test } from "node:test";
import {
  deployBefore135,
  deployCurrent,
  PORTS_BEFORE_135,
  penguinNodes,
} from "../support/flower/deployment.js";
import { FLOWER } from "../support/flower/installed.js";
import { takenPorts } from "../support/flower/ports.js";
import { assertSameAsHere, withFlower } from "../support/flower/with-flower.js";

test(
  `Flower ${FLOWER.current}: a deployment has the run hash of fedkmeans run, and nothing of it stays`,
  withFlower(FLOWER.current, async (home) => {
    const { superlink, nodes } = await deployCurrent(home, penguinNodes(home));
    const run = await home.run("local");
    const runHash = await assertSameAsHere(home, run);
    assert.match(run.output, /^round 1: means moved by .*, 3 clients$/m);
    assert.match(run.output, new RegExp(`^run hash ${runHash}$`, "m"));

    // Ended as whoever started them would.
    await Promise.all(nodes.map((node) => node.end()));
    await superlink.end();
    assert.deepEqual(home.leftOver(), []);
  }),
);

test(
  `Flower ${FLOWER.before135}: a deployment has the run hash of fedkmeans run`,
  withFlower(FLOWER.before135, async (home, context) => {
    const taken = await takenPorts(PORTS_BEFORE_135);
    if (taken.length > 0)
      return context.skip(`its ports cannot be chosen, and ${taken.join(", ")} are taken`);
    await deployBefore135(home, penguinNodes(home));
    await assertSameAsHere(home, await home.run("local"));
  }),
);
