import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { ROOT } from "./setup.mjs";
import { compiled } from "./test-files.mjs";

/* Runs of test files one after another, each under its own circumstances, with a summary of them all. */

const COUNTS = ["tests", "pass", "fail", "cancelled", "skipped", "todo"];
const done = [];

/** Says why a step is left out. */
export function skipStep(title, reason) {
  console.log(`\n== ${title}: skipped, ${reason}`);
  done.push({ title, outcome: `skipped: ${reason}`, counts: {} });
}

/**
 * Runs test files; after a failure prints the summary and ends the process.
 *
 * @param {string} title what is special about this step
 * @param {string[]} files as `testFiles` gives them
 * @param {{ env?: object, before?: string[], node?: string, concurrency?: number }} circumstances more environment; a
 *   command to run Node with; another Node than this one; how many files at once, by default one a processor
 */
export async function runStep(
  title,
  files,
  { env = {}, before = [], node = process.execPath, concurrency = availableParallelism() } = {},
) {
  if (files.length === 0) return skipStep(title, "there are no such tests");
  console.log(`\n== ${title} (${files.length} files)`);
  const began = performance.now();
  const reporter = `--test-reporter=${join(ROOT, "scripts", "test-reporter.mjs")}`;
  const options = ["--test", `--test-concurrency=${concurrency}`, reporter];
  const [command, ...args] = [...before, node, ...options, ...files.map(compiled)];
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    said += text;
    process.stdout.write(text);
  });
  const status = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  const counts = Object.fromEntries(
    COUNTS.map((name) => [name, Number(new RegExp(`^# ${name} (\\d+)$`, "m").exec(said)?.[1] ?? 0)]),
  );
  const seconds = (performance.now() - began) / 1000;
  const passed = status === 0 && counts.tests > 0;
  const outcome = `${passed ? "passed" : `FAILED (exit code ${status})`} in ${seconds.toFixed(0)} s`;
  console.log(`-- ${title}: ${outcome}`);
  done.push({ title, outcome, counts, seconds });
  if (!passed) summarizeSteps(1);
}

/** Prints what each step came to and, as the last lines, the counts of them all as the runner words them; ends. */
export function summarizeSteps(status = 0) {
  const total = (name) => done.reduce((sum, { counts }) => sum + (counts[name] ?? 0), 0);
  console.log("");
  for (const { title, outcome, counts } of done) {
    console.log(`${title}: ${outcome}${counts.tests === undefined ? "" : `, ${counts.tests} tests`}`);
  }
  for (const name of COUNTS) console.log(`# ${name} ${total(name)}`);
  const seconds = done.reduce((sum, step) => sum + (step.seconds ?? 0), 0);
  console.log(`# duration_ms ${(1000 * seconds).toFixed(0)}`);
  process.exit(status);
}
