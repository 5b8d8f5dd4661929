import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "smol-toml";
import { kebabCase } from "#src/casing.js";
import { readConfigurationFile } from "#src/cli/configuration-file.js";
import { readRunConfig } from "#src/cli/run-config.js";
import { CLIENT_SETTINGS } from "#src/experiment/client-settings.js";
import { configure } from "#src/experiment/configuration.js";
import { DEPLOYMENT_SETTINGS } from "#src/experiment/deployment-settings.js";
import { DEPLOYED_SETTINGS } from "#src/experiment/setting-groups.js";
import { SETTING_NAMES, SETTINGS } from "#src/experiment/settings.js";
import type { Setting } from "#src/settings/setting.js";

/** What the app itself says. */
function appConfig(): Record<string, unknown> {
  // biome-ignore lint/suspicious/noExplicitAny: what a file holds
  const project = parse(readFileSync("flower/pyproject.toml", "utf8")) as any;
  return project.tool.flwr.app.config;
}

test("the app has every setting that a deployment can have, with its default, and no other", () => {
  const deployed = DEPLOYED_SETTINGS.map((name): [string, Setting] => [name, SETTINGS[name]]);
  const all = [...Object.entries<Setting>(DEPLOYMENT_SETTINGS), ...deployed];
  const expected = Object.fromEntries(
    all.map(([name, { default: fallback }]) => [kebabCase(name), fallback ?? ""]),
  );
  // The penguins' three islands: Flower's own simulation has two nodes unless told.
  assert.deepEqual({ ...appConfig() }, { ...expected, "num-clients": 3 });
});

test('a key is read by its name, and "" is the default', () => {
  const { given, deployment, passedOver } = readRunConfig({
    ...appConfig(),
    "k-global": 7,
    "group-size": 9,
    features: "a, b",
    "fraction-fit": 0.5,
  });
  assert.equal(given.kGlobal, 7);
  assert.equal(given.groupSize, 9);
  assert.equal(given.kLocal, null);
  assert.deepEqual(deployment.features, ["a", "b"]);
  assert.equal(deployment.resume, null);
  assert.deepEqual(passedOver, ["fraction-fit"]);
});

test("num-server-rounds is max-iterations, as in a configuration file", () => {
  assert.equal(readRunConfig({ "num-server-rounds": 10 }).given.maxIterations, 10);
  assert.throws(() => readRunConfig({ "num-server-rounds": 10, "max-iterations": 20 }), {
    name: "UsageError",
    message: "the run config has both max-iterations and num-server-rounds: keep one of them",
  });
});

test("the app's own configuration is one of fedkmeans run, too", () => {
  const file = "flower/pyproject.toml";
  const { settings, passedOver } = readConfigurationFile(file, { TEST_DATA_PATH: "data" });
  assert.equal(configure(settings).kLocal, null);
  assert.deepEqual(passedOver, ["num-clients", "wait-for-clients", "features", "resume"]);
});

test("what each client decides for itself is refused, as is what only clients on one machine can do", () => {
  const refusal = (key: string) => {
    try {
      readRunConfig({ [key]: "x" });
    } catch (error) {
      assert.equal((error as Error).name, "UsageError");
      return (error as Error).message;
    }
    return "none";
  };
  const others = SETTING_NAMES.filter((name) => !DEPLOYED_SETTINGS.includes(name));
  const own = "each client's own: its node config, its environment or its configuration file says it";
  for (const name of others) {
    const key = kebabCase(name);
    const { of } = SETTINGS[name];
    const isOwn = of === "client" || of === "data" || name in CLIENT_SETTINGS;
    const whose = isOwn ? own : "of clients on one machine: fedkmeans run has it";
    assert.equal(refusal(key), `${key} in run config is ${whose}`);
  }
  for (const key of [
    "partition-id",
    "data-path",
    "state-dir",
    "name",
    "share-labels",
    "allow-proven",
    "config",
  ]) {
    assert.equal(refusal(key), `${key} in run config is ${own}`);
  }
});

test("a wrong value of what only a deployment has names its key", () => {
  assert.throws(() => readRunConfig({ "num-clients": 0 }), {
    name: "UsageError",
    message: "num-clients in run config must be an integer of at least 1, found 0",
  });
  assert.throws(
    () => readRunConfig({ "data-source": 3 }),
    /^UsageError: data-source in run config must be a text/,
  );
});
