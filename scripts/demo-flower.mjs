import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { CURRENT, setUpFlower } from "./flower.mjs";
import { fail, ROOT, setUp, setUpTests, VISUALIZE } from "./setup.mjs";

/*
 * A Flower federation of three islands of penguins, as it is on several machines: three nodes, a server, and whoever
 * starts a run, each in a terminal of its own. Prints each command as a user would type it, and ends what it has started.
 */

setUp();
setUpTests();
if (!setUpFlower(CURRENT)) fail("The demo needs Flower.");

process.chdir(ROOT);
const load = createRequire(join(ROOT, "build", "test", "support", "flower", "home.js"));
const { FlowerHome } = load("./home.js");
const { programsOf } = load("./installed.js");
const { startSuperLink, startSuperNode } = load("./deployment.js");
const { fedkmeans: run } = load("../command.js");

const DATA = join("data", "penguins");
const ISLANDS = readdirSync(DATA)
  .filter((file) => file.endsWith(".csv"))
  .map((file) => file.replace(".csv", ""))
  .sort();
/** Where the clients keep what is theirs: on their own machines, were these several. */
const clients = join("logs", "flower_clients");

const say = (text) => console.log(text);
const told = (line) => say(`\n$ ${line}`);
const folder = mkdtempSync(join(tmpdir(), "fedkmeans-demo-"));
const home = new FlowerHome(CURRENT, folder, {
  cwd: ROOT,
  app: "flower",
  tell: told,
  show: (text) => process.stdout.write(text),
});

let problem = null;
try {
  say(`
Below, the PATH begins with ${relative(ROOT, programsOf(CURRENT))}, which has Flower ${CURRENT};
FLWR_HOME is a temporary folder, and FEDKMEANS_COMMAND names this repository's fedkmeans.`);
  await demonstrate();
} catch (error) {
  problem = error;
} finally {
  await home.end();
  rmSync(folder, { recursive: true, force: true });
}
if (problem !== null) fail(`${problem.message}\n${home.words(15)}`);

async function demonstrate() {
  say("\n== Each client, once: its groups, which it keeps ==");
  for (const island of ISLANDS) {
    fedkmeans(
      "groups",
      join(DATA, `${island}.csv`),
      "--state-dir",
      state(island),
      "--label-column",
      "species",
    );
  }

  say("\n== Terminal 1: the server ==");
  const superlink = await startSuperLink(home);

  say("\n== Terminals 2 to 4: the clients ==");
  for (const [i, island] of ISLANDS.entries()) {
    await startSuperNode(home, superlink, {
      config: { "num-partitions": ISLANDS.length, "partition-id": i },
      env: {
        TEST_DATA_PATH: DATA,
        FEDKMEANS_STATE_DIR: state(island),
        FEDKMEANS_LOG_DIR: logs(island),
        FEDKMEANS_LABEL_COLUMN: "species",
        FEDKMEANS_SHARE_LABELS: "true",
        FEDKMEANS_RECORD_CLIENT_DATA: "true",
      },
    });
  }

  say("\n== Whoever starts a run ==");
  say(
    `\n$ cat "$FLWR_HOME/config.toml"\n${readFileSync(join(folder, ".flwr", "config.toml"), "utf8").trim()}`,
  );
  const { status, details, output } = await home.run("local");
  if (status !== "finished:completed") throw new Error(`the run has ended as ${status}: ${details}`);
  await home.call("flwr", ["ls", "local"]);

  const directory = relative(ROOT, /^(?!writing ).*experiment_\w+$/m.exec(output)[0]);
  say(
    "\n== Afterwards: what each client kept, brought beside the server's directory by its owner's leave ==",
  );
  fedkmeans("collect", directory, ...ISLANDS.map(logs));
  const video = join(directory, "penguins.mp4");
  const drawing = ["--experiment-dir", directory, "--output", video, "--smooth", "--cleanup"];
  told(`visualize ${drawing.join(" ")}`);
  execFileSync(process.execPath, [VISUALIZE, ...drawing], { stdio: ["ignore", "inherit", "inherit"] });
  say(`
What to look at:
  ${directory}
      What the server knows of the run: fedkmeans run on one machine gives the same run hash.
  ${video}
      The run as a video.
  ${clients}
      What each client keeps for itself: the state of its groups, and what was asked of it.`);
}

function state(island) {
  return join(clients, island, "state");
}

function logs(island) {
  return join(clients, island, "logs");
}

function fedkmeans(...args) {
  told(`fedkmeans ${args.join(" ")}`);
  const { status, stdout, stderr } = run(args);
  say(`${stdout}${stderr}`.trim());
  if (status !== 0) throw new Error(`fedkmeans ${args[0]} has failed`);
}
