import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CURRENT, setUpFlower } from "../scripts/flower.mjs";
import { CLI, ROOT, setUpTests } from "../scripts/setup.mjs";
import { median } from "./rows.mjs";

/*
 * The same federation, three islands of penguins, by each way its messages can travel: within a process, between threads,
 * by Flower's simulation engine and by a deployment of Flower on this machine. Beside Flower's two an app of Flower alone,
 * whose clients answer at once and with nothing: flower-echo/. Alternating, medians.
 */

const DATA = join(ROOT, "data", "penguins");
const SETTINGS = ["--data", DATA, "--label-column", "species", "--k-global", "3"];
const SIMULATED = { FEDKMEANS_SIMULATION: "1", TEST_DATA_PATH: DATA, FEDKMEANS_LABEL_COLUMN: "species" };
const THREE = ["--federation-config", "num-supernodes=3"];

/** @returns {Promise<string | null>} a table, as Markdown; null without Flower */
export async function benchFlower({ repeats }) {
  setUpTests();
  if (!setUpFlower(CURRENT)) return null;
  const scratch = mkdtempSync(join(tmpdir(), "fedkmeans-bench-"));
  const runs = { inline: [], threads: [], simulation: [], deployment: [] };
  const echoes = { simulation: [], deployment: [] };
  const hashes = new Set();
  let exchanges = 0;
  try {
    for (const carrier of ["inline", "threads"]) {
      for (let i = 0; i < repeats; i++) {
        const logs = mkdtempSync(join(scratch, "logs-"));
        const started = performance.now();
        execFileSync(process.execPath, [CLI, "run", ...SETTINGS, "--carrier", carrier, "--log-dir", logs], {
          stdio: "ignore",
        });
        const seconds = (performance.now() - started) / 1000;
        const directory = only(logs);
        exchanges = exchangesOf(directory);
        hashes.add(hashOf(directory));
        runs[carrier].push({ seconds, perExchange: perExchange(directory, exchanges) });
      }
    }
    for (const kind of ["simulation", "deployment"]) {
      await overFlower(kind, { repeats, exchanges, folder: mkdtempSync(join(scratch, "flower-")) }, (run) => {
        hashes.add(run.hash);
        runs[kind].push(run);
        echoes[kind].push(run.echo);
      });
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  if (hashes.size !== 1) throw new Error(`run hashes differ: ${[...hashes].join(", ")}`);
  return report(runs, echoes, exchanges, [...hashes][0]);
}

/** Runs both apps on nodes that are there already, some times each. */
async function overFlower(kind, { repeats, exchanges, folder }, take) {
  const load = createRequire(join(ROOT, "build", "test", "support", "flower", "home.js"));
  const { FlowerHome } = load("./home.js");
  const { deployCurrent, penguinNodes } = load("./deployment.js");
  const home = new FlowerHome(CURRENT, folder);
  const echo = join(folder, "echo");
  cpSync(join(ROOT, "bench", "flower-echo"), echo, { recursive: true });
  try {
    const isSimulation = kind === "simulation";
    if (!isSimulation) await deployCurrent(home, penguinNodes(home));
    const connection = isSimulation ? null : "local";
    const [args, env] = isSimulation ? [THREE, SIMULATED] : [[], {}];
    for (let i = 0; i < repeats; i++) {
      // First, so that in the simulation it starts the SuperLink that then stays.
      const rival = completed(
        await home.run(connection, [...args, "--run-config", `exchanges=${exchanges}`], env, echo),
      );
      const started = performance.now();
      completed(await home.run(connection, args, env));
      const seconds = (performance.now() - started) / 1000;
      const logs = join(folder, "logs");
      const directory = only(logs);
      take({
        seconds,
        perExchange: perExchange(directory, exchanges),
        hash: hashOf(directory),
        echo: Number(/^seconds an exchange ([\d.]+)/m.exec(rival.output)[1]),
      });
      rmSync(logs, { recursive: true });
    }
  } finally {
    await home.end();
  }
}

function completed(run) {
  if (run.status !== "finished:completed") throw new Error(`${run.status}: ${run.details}\n${run.output}`);
  return run;
}

function report(runs, echoes, exchanges, hash) {
  const names = {
    inline: "`fedkmeans run`, in one thread",
    threads: "`fedkmeans run`, a thread each",
    simulation: "Flower's simulation engine",
    deployment: "Flower, a SuperLink and three SuperNodes",
  };
  const lines = [
    "| penguins, three clients | whole run | an exchange | an exchange of an empty Flower app |",
    "| --- | ---: | ---: | ---: |",
  ];
  for (const [kind, name] of Object.entries(names)) {
    const seconds = median(runs[kind].map((run) => run.seconds));
    const one = median(runs[kind].map((run) => run.perExchange));
    const rival = kind in echoes ? `${(median(echoes[kind]) / one).toFixed(2)} times as long` : "-";
    const cells = [name, shown(seconds), shown(one), rival];
    lines.push(`| ${cells.join(" | ")} |`);
  }
  return `${lines.join("\n")}

${exchanges} exchanges each, and the same run hash: ${hash.slice(0, 8)}... Flower ${CURRENT}, all on one machine, with nodes that were there before \`flwr run\`. The empty app sends as many messages by Flower's \`send_and_receive\` to clients that answer at once.
`;
}

function shown(seconds) {
  return seconds < 0.1 ? `${(1000 * seconds).toFixed(0)} ms` : `${seconds.toFixed(seconds < 10 ? 2 : 0)} s`;
}

/** How often a client was asked, which its ledger counts. */
function exchangesOf(directory) {
  const folder = join(directory, "client_ledger");
  const lines = readFileSync(join(folder, readdirSync(folder)[0]), "utf8")
    .trim()
    .split("\n");
  return JSON.parse(lines.at(-1)).exchange;
}

/** Seconds from the end of the handshake, which waits for nodes, to the end of the run. */
function perExchange(directory, exchanges) {
  const log = readFileSync(join(directory, "server_logs", "server.log"), "utf8")
    .trim()
    .split("\n");
  const time = (line) => Date.parse(line.slice(0, line.indexOf(" ")));
  return (time(log.at(-1)) - time(log[0])) / 1000 / (exchanges - 1);
}

function hashOf(directory) {
  const path = join(directory, "experiment_summary.json");
  return JSON.parse(readFileSync(path, "utf8")).results.run_hash;
}

function only(folder) {
  const names = readdirSync(folder);
  if (names.length !== 1)
    throw new Error(`${folder}: one experiment directory expected, found ${names.length}`);
  return join(folder, names[0]);
}
