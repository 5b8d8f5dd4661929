import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { PENGUINS } from "../support/flower/deployment.js";
import { FLOWER, programsOf } from "../support/flower/installed.js";
import { assertSameAsHere, withFlower } from "../support/flower/with-flower.js";
import { PYTHON } from "../support/python.js";

test(
  `Flower ${FLOWER.current}: the command that pip installs runs a simulation with the run hash of fedkmeans run`,
  withFlower(FLOWER.current, async (home) => {
    const environment = join(home.folder, "environment");
    const pack = ["scripts/pack-wheel.mjs", "--as-compiled", "--destination", home.folder];
    execFileSync(process.execPath, pack, { stdio: "ignore" });
    const wheel = readdirSync(home.folder).find((file) => file.endsWith(".whl"))!;
    execFileSync(PYTHON, ["-m", "venv", environment]);
    const bin = join(environment, "bin");
    const pip = ["install", "--quiet", "--no-index", join(home.folder, wheel)];
    execFileSync(join(bin, "pip"), pip, { stdio: "ignore" });

    const env = {
      FEDKMEANS_COMMAND: "",
      FEDKMEANS_SIMULATION: "1",
      FEDKMEANS_LABEL_COLUMN: "species",
      TEST_DATA_PATH: PENGUINS,
      PATH: [programsOf(FLOWER.current), bin, process.env.PATH].join(delimiter),
    };
    assert.equal(
      spawnSync("sh", ["-c", "command -v fedkmeans"], { encoding: "utf8", env }).stdout.trim(),
      join(bin, "fedkmeans"),
    );
    await assertSameAsHere(home, await home.run(null, ["--federation-config=num-supernodes=3"], env));
  }),
);
