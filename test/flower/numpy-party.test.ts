import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readExperiment } from "#src/directory/read-experiment.js";
import { collect } from "#src/experiment/collect/collect.js";
import { fedkmeans } from "../support/command.js";
import { json, onlyDirectory } from "../support/experiment.js";
import { deployCurrent, type NodeOptions, PENGUINS, penguinNodes } from "../support/flower/deployment.js";
import { FLOWER } from "../support/flower/installed.js";
import { serverDirectory, withFlower } from "../support/flower/with-flower.js";

/** A node whose owner has it answer by the ClientApp in NumPy, which is installed there and not sent by the server. */
function inNumpy({ config, env }: NodeOptions, name: string): NodeOptions {
  return {
    config: {
      ...config,
      "client-app": "numpy_client_app",
      name,
      "data-path": join(PENGUINS, `${name}.csv`),
      "state-dir": env.FEDKMEANS_STATE_DIR,
    },
    env: { ...env, PYTHONPATH: join(process.cwd(), "flower", "examples") },
  };
}

test(
  `Flower ${FLOWER.current}: a run with a party in NumPy has the means of one without, round by round`,
  withFlower(FLOWER.current, async (home) => {
    const [biscoe, dream, torgersen] = penguinNodes(home);
    await deployCurrent(home, [biscoe, inNumpy(dream, "Dream"), torgersen]);
    const { status, details, output } = await home.run("local", ["--run-config", "start='random'"]);
    assert.equal(status, "finished:completed", `${details}\n${output}`);
    const logDir = join(home.folder, "here");
    const settings = ["--data", PENGUINS, "--label-column", "species", "--start", "random"];
    assert.equal(fedkmeans(["run", ...settings, "--log-dir", logDir]).status, 0);

    const found = readExperiment(serverDirectory(home));
    const expected = readExperiment(onlyDirectory(logDir));
    assert.deepEqual(json(serverDirectory(home), "experiment_summary.json").dropped_clients, []);
    assert.equal(found.rounds.length, expected.rounds.length);
    assert.ok(found.rounds.length > 2);
    for (const [round, { means }] of expected.rounds.entries()) {
      const largest = means.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const apart = means.data.map((value, i) => Math.abs(value - found.rounds[round].means.data[i]));
      assert.ok(Math.max(...apart) <= 1e-9 * largest, `round ${round}: ${Math.max(...apart)}`);
    }
    // Only those whose requests went to fedkmeans have records of it, which are what the server was told of.
    const logs = [biscoe, dream, torgersen].map(({ env }) => env.FEDKMEANS_LOG_DIR);
    assert.deepEqual(
      logs.map((log) => existsSync(log)),
      [true, false, true],
    );
    const { clients } = collect(serverDirectory(home), [logs[0], logs[2]]);
    assert.deepEqual(
      clients.map(({ client }) => client),
      ["Biscoe", "Torgersen"],
    );
  }),
);
