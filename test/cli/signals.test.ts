import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { COMMAND, fedkmeans } from "../support/command.js";
import { filesOf, generatedFolder, json, onlyDirectory } from "../support/experiment.js";
import { temporaryFolder } from "../support/temporary.js";

const skip = process.platform === "win32" ? "Windows has no signals" : false;

/** What a process has had of a processor, in whole seconds. */
function processorSeconds(pid: number): number {
  const { stdout } = spawnSync("ps", ["-o", "time=", "-p", String(pid)], { encoding: "utf8" });
  if (stdout.trim() === "") throw new Error("it has ended");
  return stdout.split(/[-:]/).reduce((sum, part) => 60 * sum + Number(part), 0);
}

/** A command in the midst of work that takes minutes at least. */
async function begun(
  context: TestContext,
  args: readonly string[],
  sign: RegExp | null,
): Promise<ChildProcess> {
  const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  context.after(() => child.kill("SIGKILL"));
  if (sign === null) {
    // It says nothing before it is done. Two seconds of a processor are long after it has begun, and long before that.
    while (processorSeconds(child.pid!) < 2) await new Promise((resolve) => setTimeout(resolve, 100));
    return child;
  }
  let said = "";
  for await (const chunk of child.stderr!.iterator({ destroyOnReturn: false })) {
    said += chunk;
    if (sign.test(said)) return child;
  }
  throw new Error(`ended before ${sign}: ${said}`);
}

/** What the command says from the signal to its end, which is to come while its work is not done. */
async function ended(
  child: ChildProcess,
  signal: NodeJS.Signals,
): Promise<[code: number | null, said: string]> {
  let said = "";
  child.stderr!.on("data", (chunk) => {
    said += chunk;
  });
  child.kill(signal);
  const [code] = await once(child, "close");
  return [code, said];
}

/** Ten thousand k-means of 20,000 rows a client, each to be begun from 500 rows: an hour before round 0. */
const LONG = ["--k-global", "500", "--restarts", "10000"];

for (const [carrier, signal] of [
  ["inline", "SIGINT"],
  ["inline", "SIGTERM"],
  ["threads", "SIGINT"],
] as const) {
  test(`${signal} ends a run in the midst of an hour's work, clients ${carrier}, and marks its directory`, {
    skip,
    timeout: 300_000,
  }, async (context) => {
    const data = await generatedFolder(context, { samplesPerClient: 20_000 });
    const logs = join(temporaryFolder(context), "logs");
    const args = ["run", "--data", data, "--log-dir", logs, "--carrier", carrier, ...LONG];
    const child = await begun(context, args, /normalization: done\n/);
    assert.deepEqual(await ended(child, signal), [1, "fedkmeans: interrupted\n"]);
    const directory = onlyDirectory(logs);
    const { status, reason, results } = json(directory, "experiment_summary.json");
    assert.deepEqual([status, reason, results], ["aborted", "interrupted", null]);
    assert.match(
      readFileSync(join(directory, "server_logs", "server.log"), "utf8"),
      /Z aborted: interrupted\n$/,
    );
    assert.deepEqual(
      filesOf(directory).filter((file) => file.endsWith(".tmp")),
      [],
    );
  });
}

test("a command that hears no signals itself is ended by one all the same, with nothing half-written", {
  skip,
  timeout: 300_000,
}, async (context) => {
  const folder = temporaryFolder(context);
  // Minutes of normal draws, one client after the other.
  const size = ["--num-clients", "100000", "--samples-per-client", "1000", "--num-features", "3"];
  const child = await begun(context, ["generate", "--output-dir", join(folder, "data"), ...size], null);
  assert.deepEqual(await ended(child, "SIGINT"), [1, "fedkmeans: interrupted\n"]);
  assert.deepEqual(filesOf(folder), []);
});

test("settings that would keep a processor busy for years are refused", (context) => {
  const data = temporaryFolder(context);
  for (const [option, value, most] of [
    ["--restarts", "1000000000", "10000"],
    ["--local-iterations", "1000000000", "10000"],
    ["--k-local", "1000000000", "1000000"],
    ["--threads", "1000000000", "1024"],
  ]) {
    assert.deepEqual(fedkmeans(["run", "--data", data, option, value]), {
      status: 2,
      stdout: "",
      stderr: `fedkmeans: ${option} must be an integer of at most ${most}, found ${value}\n`,
    });
  }
});
