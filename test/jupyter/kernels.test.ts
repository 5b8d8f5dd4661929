import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { executeNotebook } from "#src/jupyter/execute-notebook.js";
import { FLAVOURS, type Flavour } from "#src/jupyter/kernelspec.js";
import { joinLines, readNotebook } from "#src/jupyter/notebook-file.js";
import { findPython } from "#src/jupyter/python.js";
import { CLI, notebookOf, printed, shown, skipWithoutKernel } from "../support/jupyter.js";
import { START_KERNEL } from "../support/kernel-session.js";
import { runPython } from "../support/python.js";
import { temporaryFolder } from "../support/temporary.js";

const never = new AbortController().signal;

/** `fedkmeans ...`, with nothing of this repository in its folder. */
function fedkmeans(
  folder: string,
  ...args: string[]
): { status: number | null; stdout: string; stderr: string } {
  const options = { cwd: folder, encoding: "utf8" } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], options);
  return { status, stdout, stderr };
}

/** As progress shows a cell's line. */
function shortened(line: string): string {
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

function write(folder: string, name: string, sources: readonly string[], tag: string | null = null): void {
  writeFileSync(join(folder, name), JSON.stringify(notebookOf(sources, tag)));
}

for (const kernel of FLAVOURS) {
  const skip = skipWithoutKernel(kernel);

  test(`${kernel}: a notebook in an empty folder imports fedkmeans, Node's modules, and writes nothing`, {
    skip,
  }, (t) => {
    const folder = temporaryFolder(t);
    const cells = [
      "let k = 3;",
      'import * as fk from "fedkmeans";\nimport { basename } from "node:path";',
      "const verify = fk.verify;\nconst here: string = basename(process.cwd());",
      // What an earlier cell declared, by its shorthand.
      "console.log(JSON.stringify({ k, here, verify: typeof verify, nested: { here } }));",
      // Last lines that show themselves.
      "const rows = [{ a: 1.5 }, { a: 20 }, { a: 3 }];\nrows.filter((row) => row.a > 2)",
      "fk.display(rows, { maxRows: 1 })",
      '({ [Symbol.for("Jupyter.display")]: async () => ({ "text/html": "<b>own</b>" }) })',
      "[1, 2]",
      "Promise.resolve([{ a: 2 }])",
    ];
    write(folder, "nb.ipynb", cells, "parameters");
    const output = join(temporaryFolder(t), "out.ipynb");
    const args = ["notebook", "run", "nb.ipynb", "-p", "k", "5", "--kernel", kernel, "--output", output];
    const told = cells.map((cell) => cell.split("\n").find((line) => !line.startsWith("//"))!);
    told.splice(1, 0, "let k = 5;");
    const stderr = told.map((line, i) => `cell ${i + 1} of ${told.length}: ${shortened(line)}\n`).join("");
    assert.deepEqual(fedkmeans(folder, ...args), { status: 0, stdout: `${output}\n`, stderr });
    const here = folder.split("/").at(-1);
    const { cells: ran } = readNotebook(output);
    const said = JSON.parse(printed(ran[4]));
    assert.deepEqual(said, { k: 5, here, verify: "function", nested: { here } });
    const [filtered, displayed, own, plain, promised] = ran.slice(5);
    assert.match(shown(filtered).join(), /^<table>.*<td>20<\/td><\/tr>\n<tr><td>3<\/td>/);
    assert.equal(joinLines(filtered.outputs?.[0]?.data?.["text/plain"]), "a\n--\n20\n3\n");
    assert.match(shown(displayed).join(), /^<table>.*and 2 more rows<\/p>$/);
    assert.equal(displayed.outputs?.length, 1);
    assert.deepEqual(shown(own), ["<b>own</b>"]);
    assert.deepEqual(shown(plain), []);
    assert.equal(plain.outputs?.length, 1);
    assert.match(shown(promised).join(), /^<table>.*<td>2<\/td>/);
    assert.deepEqual(readdirSync(folder), ["nb.ipynb"]);
  });

  test(`${kernel}: notebook run names the cell that fails and why, and writes what there is`, {
    skip,
  }, (t) => {
    const folder = temporaryFolder(t);
    const cells = [
      "let k = 3;",
      'import * as fk from "fedkmeans";',
      "console.log('k is ' + k);\nawait fk.generate({ numClients: k });",
      'console.log("never");',
    ];
    write(folder, "nb.ipynb", cells, "parameters");
    const args = ["notebook", "run", "nb.ipynb", "-p", "k", "0", "--kernel", kernel, "--output", "0.html"];
    const bad = fedkmeans(folder, ...args);
    assert.equal(
      bad.stderr.replaceAll(/^cell .*\n/gm, ""),
      "fedkmeans: nb.ipynb: cell 4 failed: UsageError: numClients must be an integer of at least 1, found 0\n",
    );
    assert.equal(bad.status, 1);
    const page = readFileSync(join(folder, "0.html"), "utf8");
    assert.match(page, /k is 0/);
    assert.doesNotMatch(page, /<pre>never/);
  });

  test(`${kernel}: an interrupt stops the run and its threads; kernel and directory live on`, {
    skip,
  }, (t) => {
    const folder = temporaryFolder(t);
    const installed = fedkmeansKernel(folder, kernel);
    const said = JSON.parse(runPython(INTERRUPT, [installed, folder]));
    assert.equal(said.alive, "alive aborted interrupted", said.outputs);
    assert.equal(said.start, "aborted interrupted", said.began);
    assert.ok(said.before > said.after, `${said.before} threads before the interrupt, ${said.after} after`);
    const [experiment] = readdirSync(join(folder, "logs"));
    const summary = JSON.parse(
      readFileSync(join(folder, "logs", experiment, "experiment_summary.json"), "utf8"),
    );
    assert.deepEqual([summary.status, summary.reason], ["aborted", "interrupted"]);
    const verified = fedkmeans(folder, "verify", join("logs", experiment));
    assert.match(verified.stdout, /aborted, rounds 0 to \d+ are whole/, verified.stderr);
  });

  test(`${kernel}: a cell has all it printed, and nothing the cell before printed`, { skip }, async (t) => {
    // Of some 500 lines without a pause between tslab would lose the rest.
    const cell = (name: string) => `for (let i = 0; i < 150; i++) console.log("${name}" + i);`;
    const { notebook, failure } = await executeNotebook(
      notebookOf([cell("a"), cell("b")]),
      temporaryFolder(t),
      kernel,
      never,
    );
    assert.equal(failure, null);
    for (const [i, name] of ["a", "b"].entries()) {
      const lines = Array.from({ length: 150 }, (_, line) => `${name}${line}`);
      assert.deepEqual(printed(notebook.cells[i]).trim().split("\n"), lines);
    }
  });
}

test("tslab: a cell that does not type-check fails with the compiler's line", {
  skip: skipWithoutKernel("tslab"),
}, async (t) => {
  const cells = ['import * as fk from "fedkmeans";', 'await fk.run({ data: "x", kGlobal: "three" });'];
  const { failure } = await executeNotebook(notebookOf(cells), temporaryFolder(t), "tslab", never);
  assert.deepEqual(failure, {
    cell: 2,
    message: "TypeScriptError: Type 'string' is not assignable to type 'number'. (line 1, column 27)",
  });
});

for (const kernel of FLAVOURS) {
  test(`${kernel}: a rejection that no cell awaits is a failure of its cell all the same`, {
    skip: skipWithoutKernel(kernel),
  }, async (t) => {
    const cells = [
      "void Promise.reject(new Error('lost'));\nawait new Promise((resolve) => setTimeout(resolve, 50));",
      "console.log('next')",
    ];
    const { notebook, failure } = await executeNotebook(notebookOf(cells), temporaryFolder(t), kernel, never);
    assert.deepEqual(failure, { cell: 1, message: "Error: lost" });
    assert.deepEqual(notebook.cells[1].outputs, []);
  });
}

test("deno: a cell that does not compile fails with the place", {
  skip: skipWithoutKernel("deno"),
}, async (t) => {
  const { failure } = await executeNotebook(notebookOf(["const z = ;"]), temporaryFolder(t), "deno", never);
  assert.deepEqual(failure, { cell: 1, message: "SyntaxError: Expression expected (line 1, column 11)" });
});

test("wrong usage of notebook run is one line and exit code 2, a missing kernel 1, and leaves no file", (t) => {
  const folder = temporaryFolder(t);
  write(folder, "nb.ipynb", ["1"]);
  const run = (...args: string[]) => {
    const { status, stderr } = fedkmeans(folder, "notebook", "run", ...args, "--output", "out.ipynb");
    assert.equal(stderr.trim().split("\n").length, 1, stderr);
    return [status, stderr.trim()];
  };
  assert.deepEqual(run("none.ipynb")[0], 2);
  assert.deepEqual(run("nb.ipynb", "-p", "k"), [2, 'fedkmeans: -p takes a name and a value, found only "k"']);
  assert.deepEqual(run("nb.ipynb", "-p", "k", "3")[0], 2);
  if (skipWithoutKernel("deno") === false) {
    const [status, line] = run("nb.ipynb", "--kernel", "none-such");
    assert.equal(status, 1);
    assert.match(String(line), /^fedkmeans: no kernel is named none-such/);
  }
  assert.deepEqual(readdirSync(folder), ["nb.ipynb"]);
});

test("where Jupyter is missing, one line names the packages to install", () => {
  assert.throws(() => findPython(["surely_no_such_module"]), {
    name: "RunError",
    message: /^Jupyter is missing: .*apt-get install jupyter-nbconvert .*pip install nbconvert nbclient$/,
  });
});

/** Installs a kernel in a folder of the test's own, from this package's own folder. */
function fedkmeansKernel(folder: string, kernel: Flavour): string {
  const dataDir = join(folder, "jupyter");
  const code = `
    const { installKernelspec, makeKernelspec } = require("${CLI.replace("cli/main.js", "jupyter/kernelspec.js")}");
    const { findDeno } = require("${CLI.replace("cli/main.js", "jupyter/find-deno.js")}");
    const { findTslab } = require("${CLI.replace("cli/main.js", "jupyter/find-tslab.js")}");
    const program = "${kernel}" === "tslab" ? findTslab() : findDeno();
    installKernelspec(process.argv[1], "k", makeKernelspec("${kernel}", program));`;
  const { status, stderr } = spawnSync(process.execPath, ["-e", code, dataDir], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return dataDir;
}

/**
 * Starts an endless run, interrupts the kernel once rounds are written, and asks what is left; then the same in the
 * midst of a start that takes minutes, of little data and by default.
 */
const INTERRUPT = `${START_KERNEL}
import glob
def threads():
    listed = subprocess.run(["ps", "-eLo", "pgid,lwp"], capture_output=True, text=True).stdout.split("\\n")
    return sum(line.split()[:1] == [str(os.getpgid(manager.provisioner.process.pid))] for line in listed)
def execute(code, meanwhile=lambda: None):
    outputs = []
    sent = client.execute(code)
    meanwhile()
    while True:
        message = client.get_iopub_msg(timeout=300)
        if message["parent_header"].get("msg_id") != sent: continue
        content = message["content"]
        if content.get("execution_state") == "idle": return outputs
        if message["msg_type"] == "stream": outputs.append(content["text"])
        if message["msg_type"] == "error": outputs.append(content["evalue"])
counted = {}
def interrupt():
    late = time.time() + 300
    while not glob.glob(folder + "/logs/*/global_means/round_003_metadata.json") and time.time() < late: time.sleep(0.05)
    counted["before"] = threads()
    manager.interrupt_kernel()
execute('import * as fk from "fedkmeans";')
execute('const data = await fk.generate({ overlapFactor: 1, samplesPerClient: 4000, numFeatures: 8 });')
outputs = execute('await fk.watch({ data, kGlobal: 20, groupSize: 1, tolerance: 0, maxIterations: 1000000, threads: 4, localIterations: 3, weighted: false })', interrupt)
late = time.time() + 300
while (after := threads()) >= counted["before"] and time.time() < late: time.sleep(0.05)
counted["after"] = after
ask = 'import { readdirSync } from "node:fs"; const left = fk.open("logs/" + readdirSync("logs")[0]); console.log("alive", left.status, left.reason);'
last = execute(ask)
def interrupt_start():
    late = time.time() + 300
    while not glob.glob(folder + "/start/*/normalization/std.npy") and time.time() < late: time.sleep(0.05)
    manager.interrupt_kernel()
execute('const little = await fk.generate({ samplesPerClient: 1000, outputDir: "little" });')
began = execute('await fk.run({ data: little, kGlobal: 900, groupSize: 1, restarts: 10000, logDir: "start" })', interrupt_start)
ask = 'import { readdirSync } from "node:fs"; const begun = fk.open("start/" + readdirSync("start")[0]); console.log(begun.status, begun.reason);'
start = execute(ask)
manager.shutdown_kernel(now=True)
print(json.dumps({**counted, "outputs": outputs, "alive": "".join(last).strip(), "began": began, "start": "".join(start).strip()}))
`;
