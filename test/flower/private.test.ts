import assert from "node:assert/strict";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { LOCK_FILE } from "#src/directory/layout.js";
import { verify } from "#src/directory/verify.js";
import { makeBudget, openBudget } from "#src/federation/client/budget/budget-folder.js";
import { fedkmeans } from "../support/command.js";
import { json, onlyDirectory } from "../support/experiment.js";
import { deployCurrent, type NodeOptions, PENGUINS } from "../support/flower/deployment.js";
import type { FlowerHome } from "../support/flower/home.js";
import { FLOWER } from "../support/flower/installed.js";
import { serverDirectory, withFlower } from "../support/flower/with-flower.js";

const ISLANDS = ["Biscoe", "Dream", "Torgersen"];
const BOUNDS =
  "feature,low,high\nbill_length_mm,25,65\nbill_depth_mm,10,25\nflipper_length_mm,150,250\nbody_mass_g,2000,6000\n";
const ASKED = "privacy='dp' algorithm='dp-lloyd' epsilon=4 declared-rows=350";
/** Milliseconds in which each step of a run is over, also on a busy machine. */
const PATIENCE = 200_000;

/** The islands' nodes, each with a budget that covers one run. */
function privateNodes(home: FlowerHome): NodeOptions[] {
  writeFileSync(join(home.folder, "bounds.csv"), BOUNDS);
  return ISLANDS.map((island, partition) => {
    makeBudget(budgetOf(home, island), { epsilonLimit: 4, delta: 1e-6 });
    return {
      config: { "num-partitions": 3, "partition-id": partition, privacy: "dp", epsilon: 4 },
      env: {
        TEST_DATA_PATH: PENGUINS,
        FEDKMEANS_STATE_DIR: budgetOf(home, island),
        FEDKMEANS_BOUNDS: join(home.folder, "bounds.csv"),
        FEDKMEANS_DECLARED_ROWS: "350",
      },
    };
  });
}

function budgetOf(home: FlowerHome, island: string): string {
  return join(home.folder, island, "budget");
}

test(
  `Flower ${FLOWER.current}: a run with noise that is killed goes on with replies that clients kept, twice to the same bytes; another is beyond the budget`,
  withFlower(FLOWER.current, async (home) => {
    const { nodes } = await deployCurrent(home, privateNodes(home));

    const killed = home.start("flwr", [
      "run",
      join(process.cwd(), "flower"),
      "local",
      "--stream",
      "--run-config",
      ASKED,
    ]);
    await killed.says(/^round 1: /m, PATIENCE);
    for (const { pid, command } of home.leftOver()) {
      if (command.endsWith(" flower server")) process.kill(pid, "SIGKILL");
    }
    await killed.exit(PATIENCE);
    const left = serverDirectory(home);
    assert.notEqual(json(left, "experiment_summary.json").status, "completed");
    const copy = join(home.folder, "copy");
    cpSync(left, copy, { recursive: true });
    rmSync(join(copy, LOCK_FILE), { force: true });

    const resumed = await home.run("local", ["--run-config", `resume='${left}'`]);
    assert.equal(resumed.status, "finished:completed", `${resumed.details}\n${resumed.output}`);
    assert.match(resumed.output, /^handshake: 3 clients, 350 declared rows, 4 features$/m);
    const budgets = () =>
      ISLANDS.map((island) => readFileSync(join(budgetOf(home, island), "budget.json"), "utf8"));
    const spent = budgets();
    for (const island of ISLANDS) {
      const { runs } = openBudget(budgetOf(home, island)).state();
      assert.deepEqual(
        runs.map(({ questions, answers }) => answers.length === questions),
        [true],
      );
    }

    const again = await home.run("local", ["--run-config", `resume='${copy}'`]);
    assert.equal(again.status, "finished:completed", `${again.details}\n${again.output}`);
    const { runHash } = await verify(left);
    assert.deepEqual((await verify(copy)).runHash, runHash);
    assert.deepEqual(budgets(), spent);
    for (const file of ["final_means.npy", "federated_kmeans_metrics.json"]) {
      assert.deepEqual(readFileSync(join(copy, file)), readFileSync(join(left, file)), file);
    }

    const beyond = await home.run("local", ["--run-config", ASKED.replace("epsilon=4", "epsilon=0.5")]);
    assert.equal(beyond.status, "finished:failed");
    assert.match(
      beyond.details,
      /0 of 3 clients answered in question 1 of the start, .*its budget does not cover the question; it tells its owner why/,
    );
    assert.deepEqual(budgets(), spent);
    assert.match(
      nodes[1].output,
      /Dream refuses clustering\/private_sums: beyond the budget \(epsilon-limit 4, /,
    );

    const records = join(home.folder, "Dream", "client_logs", "Dream");
    const [first] = readdirSync(records).sort();
    const ledger = fedkmeans(["ledger", join(records, first)]);
    assert.match(ledger.stdout, /epsilon (4|3\.99\d*)/, ledger.stderr);
    const log = readFileSync(join(records, first, "client_logs", "client_Dream.log"), "utf8");
    assert.match(log, /Z spent nothing: the reply was stored$/m);
  }),
);

test(
  `Flower ${FLOWER.current}: a simulation keeps a budget for each client, and says that it protects nobody`,
  withFlower(FLOWER.current, async (home) => {
    writeFileSync(join(home.folder, "bounds.csv"), BOUNDS);
    const { status, details, output } = await home.run(
      null,
      ["--federation-config", "num-supernodes=3", "--run-config", ASKED],
      {
        FEDKMEANS_SIMULATION: "1",
        TEST_DATA_PATH: PENGUINS,
        FEDKMEANS_PRIVACY: "dp",
        FEDKMEANS_EPSILON: "4",
        FEDKMEANS_DECLARED_ROWS: "350",
        FEDKMEANS_BOUNDS: join(home.folder, "bounds.csv"),
        FEDKMEANS_STATE_DIR: join(home.folder, "budgets"),
      },
    );
    assert.equal(status, "finished:completed", `${details}\n${output}`);
    assert.match(output, /^note: whoever simulates has the rows of all clients: the noise protects nobody$/m);
    assert.deepEqual(readdirSync(join(home.folder, "budgets")).sort(), ISLANDS);
    assert.equal(
      json(onlyDirectory(join(home.folder, "logs")), "experiment_summary.json").status,
      "completed",
    );
  }),
);
