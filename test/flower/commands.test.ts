import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Block, blocksOf, whyNotRun } from "../docs/pages.js";
import { prepareFolder } from "../docs/run-page.js";
import type { FlowerHome } from "../support/flower/home.js";
import { FLOWER } from "../support/flower/installed.js";
import { listens, takenPorts } from "../support/flower/ports.js";
import { assertSameAsHere, withFlower } from "../support/flower/with-flower.js";

/* The commands of docs/flower.md, as they stand there. */

const BLOCKS = blocksOf("docs/flower.md");
const shell = BLOCKS.filter(({ language }) => language === "sh");
const PREPARATION = shell.filter((block) => whyNotRun(block) === null);
const [CURRENT, RUN, BEFORE_135, SIMULATION] = shell.filter(
  (block) => whyNotRun(block) === "test/flower runs it as it stands",
);
const CONFIG = BLOCKS.find(({ info }) => info === "config.toml")!;

const PATIENCE = 120_000;
/** The reader's fedkmeans is on the path. */
const ENV = { FEDKMEANS_COMMAND: "" };

const DEPLOYMENTS = [
  { version: FLOWER.current, terminals: CURRENT, port: 8000, ports: [8000, 9094, 9095, 9096] },
  {
    version: FLOWER.before135,
    terminals: BEFORE_135,
    port: 9093,
    ports: [9091, 9092, 9093, 9094, 9095, 9096],
  },
];
for (const { version, terminals, port, ports } of DEPLOYMENTS) {
  test(
    `Flower ${version}: the commands of the page give the run hash of fedkmeans run, and nothing of them stays`,
    withFlower(version, async (home, context) => {
      const taken = await takenPorts(ports);
      if (taken.length > 0) return context.skip(`the page's ports ${taken.join(", ")} are taken`);
      await prepare(home);
      for (const line of commandsOf(terminals)) home.start("bash", ["-c", line], ENV);
      await listens(port, PATIENCE);
      writeFileSync(join(home.folder, "config.toml"), CONFIG.text.replace(":8000", `:${port}`));
      const { output } = await home.call("bash", ["-euc", RUN.text], ENV);
      const run = await home.outcome("local", output);
      const runHash = await assertSameAsHere(home, run);
      assert.match(output, /^round 1: means moved by .*, 3 clients$/m);
      assert.match(output, new RegExp(`^run hash ${runHash}$`, "m"));
      await home.end();
      assert.deepEqual(home.leftOver(), []);
    }),
  );
}

test(
  `Flower ${FLOWER.current}: its simulation engine gives the run hash of fedkmeans run, and says where nodes are too few`,
  withFlower(FLOWER.current, async (home) => {
    await prepare(home);
    const { output } = await home.call("bash", ["-euc", SIMULATION.text], ENV);
    await assertSameAsHere(home, await home.outcome(null, output));

    // The SuperLink that it has left behind keeps its environment.
    const tooFew = await home.run(null, ["--run-config", "wait-for-clients=2"]);
    assert.equal(tooFew.status, "finished:failed");
    assert.match(
      tooFew.details,
      /2 of 3 clients are here after 2 s: .*--federation-config "num-supernodes=3"/,
    );
  }),
);

/** What a reader has done before: the folder of the page, the app, and the state of each client. */
async function prepare(home: FlowerHome): Promise<void> {
  prepareFolder(home.folder);
  home.path(join(home.folder, "node_modules", ".bin"));
  for (const { text } of PREPARATION) {
    const { code, output } = await home.call("bash", ["-euc", text]);
    assert.equal(code, 0, output);
  }
}

/** The commands that stay in their terminals, each with what was exported before it. */
function commandsOf({ text }: Block): string[] {
  const lines = text.split("\n").filter((line) => line !== "");
  const exports = lines.filter((line) => line.startsWith("export "));
  return lines.filter((line) => !line.startsWith("export ")).map((line) => [...exports, line].join("\n"));
}
