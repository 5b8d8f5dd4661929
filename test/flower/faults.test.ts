import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { json } from "../support/experiment.js";
import { deployCurrent, penguinNodes } from "../support/flower/deployment.js";
import type { FlowerHome, FlowerRun } from "../support/flower/home.js";
import { FLOWER } from "../support/flower/installed.js";
import type { Started } from "../support/flower/started.js";
import { assertSameAsHere, serverDirectory, withFlower } from "../support/flower/with-flower.js";

const APP = join(process.cwd(), "flower");

/** Milliseconds in which each step of these runs is over, also on a busy machine. */
const PATIENCE = 200_000;

/** A run that something happens to while it goes on. */
async function begun(home: FlowerHome, runConfig: string): Promise<{ run: Started; id: string }> {
  const run = home.start("flwr", ["run", APP, "local", "--stream", "--run-config", runConfig]);
  const [, id] = await run.says(/Successfully started run (\d+)/, PATIENCE);
  return { run, id };
}

async function ended(home: FlowerHome, { run, id }: { run: Started; id: string }): Promise<FlowerRun> {
  await run.exit(PATIENCE);
  return { id, ...(await home.status("local", id)), output: run.output };
}

/** Servers of this home that are at work, or are left over. */
function servers(home: FlowerHome): number[] {
  return home
    .leftOver()
    .filter(({ command }) => command.endsWith(" flower server"))
    .map(({ pid }) => pid);
}

async function until(holds: () => boolean, what: string): Promise<void> {
  const ends = Date.now() + PATIENCE;
  while (!holds()) {
    assert.ok(Date.now() < ends, what);
    await sleep(100);
  }
}

function statusIn(home: FlowerHome): string {
  return json(serverDirectory(home), "experiment_summary.json").status;
}

test(
  `Flower ${FLOWER.current}: a run that is stopped, and then killed, goes on in its directory; a wrong setting is one line`,
  withFlower(FLOWER.current, async (home) => {
    await deployCurrent(home, penguinNodes(home));

    const wrong = await home.run("local", ["--run-config", "k-global=0"]);
    const line = "k-global in run config must be an integer of at least 1, found 0";
    assert.equal(wrong.status, "finished:failed");
    assert.equal(wrong.details, `ServerApp failed with exception: ${line}`);
    assert.match(wrong.output, new RegExp(`^fedkmeans: ${line}$`, "m"));
    assert.doesNotMatch(wrong.output, /server_app\.py", line/);

    const stopped = await begun(home, "k-global=3");
    await stopped.run.says(/round 0: start/, PATIENCE);
    const [stoppedServer] = servers(home);
    assert.notEqual(stoppedServer, undefined);
    await home.call("flwr", ["stop", stopped.id, "local"]);
    assert.equal((await ended(home, stopped)).status, "finished:stopped");
    await until(() => servers(home).length === 0, "the server ends with its ServerApp");
    assert.notEqual(statusIn(home), "completed");

    const resume = `resume='${serverDirectory(home)}'`;
    const killed = await begun(home, resume);
    await killed.run.says(/round 1: means moved/, PATIENCE);
    for (const pid of servers(home)) process.kill(pid, "SIGKILL");
    const { status, details } = await ended(home, killed);
    assert.equal(status, "finished:failed");
    assert.match(details, /ServerApp failed with exception: fedkmeans ended|round 1/);

    const whole = await home.run("local", ["--run-config", resume]);
    await assertSameAsHere(home, whole);
    assert.doesNotMatch(whole.output, /^round [01]: /m);
    const again = await home.run("local", ["--run-config", resume]);
    assert.match(again.details, /is completed: there is nothing to resume$/);
  }),
);

test(
  `Flower ${FLOWER.current}: a node that is killed in a round is left out of it, and the run says so`,
  withFlower(FLOWER.current, async (home) => {
    const { nodes } = await deployCurrent(home, penguinNodes(home));
    const going = await begun(home, "deadline=25");
    await going.run.says(/round 0: start/, PATIENCE);
    for (const { pid } of ofNode(home, nodes[2])) process.kill(pid, "SIGKILL");
    const { status, output } = await ended(home, going);
    assert.equal(status, "finished:completed", output);
    // Of a message that expired, or of a node that is silent: whichever Flower, or the run's own deadline, finds first.
    const reason = "no answer within \\d+ s|.*Flower's error [35]";
    assert.match(
      output,
      new RegExp(`^round 1: means moved by .*, 2 clients, without Torgersen \\((${reason})\\)$`, "m"),
    );
    const { dropped_clients } = json(serverDirectory(home), "experiment_summary.json");
    assert.deepEqual(
      [...new Set(dropped_clients.map(({ client }: { client: string }) => client))],
      ["Torgersen"],
    );

    // Two are left, and the third is the SuperLink's for a minute.
    const few = await home.run("local", ["--run-config", "wait-for-clients=1 deadline=25"]);
    assert.equal(few.status, "finished:failed");
    assert.match(
      few.details,
      /^ServerApp failed with exception: 2 of 3 clients (are here|can take part) after \d+ s/,
    );
  }),
);

test(
  `Flower ${FLOWER.current}: who hangs or refuses at the handshake is left out; of two of one name neither takes part`,
  withFlower(FLOWER.current, async (home) => {
    const [biscoe, dream, torgersen] = penguinNodes(home);
    const { nodes } = await deployCurrent(home, [
      biscoe,
      dream,
      { ...torgersen, env: { ...torgersen.env, FEDKMEANS_STATE_DIR: "" } },
      { ...torgersen, config: { ...torgersen.config, "partition-id": 0 }, env: biscoe.env },
    ]);
    const twice = await home.run("local", ["--run-config", "num-clients=3 wait-for-clients=1"]);
    assert.equal(twice.status, "finished:failed");
    assert.match(twice.output, /^node \d+ cannot take part: /m);
    assert.match(twice.output, /^node \d+ and node \d+ are both named "Biscoe": neither takes part; /m);
    assert.match(twice.details, /1 of 3 clients can take part after \d+ s/);

    const hanging = ofNode(home, nodes[3]);
    for (const { pid } of hanging) process.kill(pid, "SIGSTOP");
    const { status, output } = await home.run("local", ["--run-config", "num-clients=2"]);
    for (const { pid } of hanging) process.kill(pid, "SIGCONT");
    assert.equal(status, "finished:completed", output);
    assert.match(output, /^handshake: 2 clients, 291 rows, .*without node \d+ \(.*\), node \d+ \(.*\)$/m);
  }),
);

/** A SuperNode's own process, and those that it has started. */
function ofNode(home: FlowerHome, node: Started): { pid: number }[] {
  const port = / --port (\d+)/.exec(node.command)![1];
  return [{ pid: node.pid }, ...home.leftOver().filter(({ command }) => command.includes(`:${port}`))];
}
