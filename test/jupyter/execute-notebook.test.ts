import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { executeNotebook } from "#src/jupyter/execute-notebook.js";
import { findDeno } from "#src/jupyter/find-deno.js";
import { findTslab } from "#src/jupyter/find-tslab.js";
import { type Flavour, makeKernelspec } from "#src/jupyter/kernelspec.js";
import { assertEnded, notebookOf, skipWithoutKernel } from "../support/jupyter.js";
import { temporaryFolder } from "../support/temporary.js";

const never = new AbortController().signal;
const skip = skipWithoutKernel("deno");
/** The answer is a file, as Deno may publish what a cell prints after it said that the cell is done. */
const CELLS = [
  "const k = 3;",
  'import { writeFileSync } from "node:fs";\nwriteFileSync("answer", String(k + 1));',
];

/** Sets a variable of the environment for the rest of a test. */
function setEnv(t: TestContext, name: string, value: string): void {
  const before = process.env[name];
  process.env[name] = value;
  t.after(() => {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  });
}

/**
 * A kernel "k" that a shell starts, which notes each start.
 *
 * @param script before the kernel is started; it runs in the folder of the notebook
 */
function kernel(t: TestContext, script = "", flavour: Flavour = "deno") {
  const folder = temporaryFolder(t);
  const data = temporaryFolder(t);
  mkdirSync(join(data, "kernels", "k"), { recursive: true });
  const spec = makeKernelspec(flavour, (flavour === "deno" ? findDeno() : findTslab())!);
  const [node, launcher, program, file] = spec.argv;
  const shell = `echo $$ "$1" >> starts\n${script}\nexec "${node}" "${launcher}" "${program}" "$1"`;
  const argv = ["/bin/sh", "-c", shell, "sh", file];
  writeFileSync(join(data, "kernels", "k", "kernel.json"), JSON.stringify({ ...spec, argv }));
  setEnv(t, "JUPYTER_PATH", data);
  const starts = () => {
    if (!existsSync(join(folder, "starts"))) return [];
    const lines = readFileSync(join(folder, "starts"), "utf8").trim().split("\n");
    return lines.map((line) => ({ pid: Number(line.split(" ", 1)[0]), file: line.replace(/^\d+ /, "") }));
  };
  return {
    starts,
    answer: () => readFileSync(join(folder, "answer"), "utf8"),
    execute: (signal = never, onCell = () => {}) =>
      executeNotebook(notebookOf(CELLS), folder, "k", signal, onCell),
    /** Nothing of it is left: no process, no connection file. */
    assertGone: async () => {
      for (const { pid, file } of starts()) {
        await assertEnded(pid);
        assert.equal(existsSync(file), false, file);
      }
    },
  };
}

/** Has a fault happen in each Python that is started in the rest of a test. */
function inject(t: TestContext, fault: string): void {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, "sitecustomize.py"), fault);
  setEnv(t, "PYTHONPATH", folder);
}

test("a kernel that does not start is asked once more, and then it is said why it did not", {
  skip,
}, async (t) => {
  const { starts, execute, assertGone } = kernel(t, "echo error: no port is free >&2; echo; exit 1");
  await assert.rejects(execute(), {
    name: "RunError",
    message:
      'the kernel "k" did not start: Kernel died before replying to kernel_info; it said: error: no port is free',
  });
  assert.equal(starts().length, 2);
  await assertGone();
});

/** Takes a port that Jupyter has found free, until the kernel is started once more. */
const TAKE = `
const { readFileSync, writeFileSync } = require("node:fs");
const connection = JSON.parse(readFileSync(process.argv[1], "utf8"));
const server = require("node:net").createServer();
server.listen(connection[process.argv[2]], connection.ip, () => writeFileSync("taken", ""));
setInterval(() => {
  if (readFileSync("starts", "utf8").trim().split("\\n").length > 1) process.exit();
}, 20);
setTimeout(process.exit, 60_000);`;

const TAKEN = [
  ["tslab", "shell_port"],
  ["deno", "hb_port"],
] as const;

for (const [flavour, port] of TAKEN) {
  test(`${flavour}: where another program has taken ${port}, the kernel is started once more`, {
    skip: skipWithoutKernel(flavour),
  }, async (t) => {
    const take = `"${process.execPath}" -e '${TAKE}' "$1" ${port} </dev/null >/dev/null 2>&1 &`;
    const script = `if [ ! -e taken ]; then\n${take}\nwhile [ ! -e taken ]; do sleep 0.02; done\nfi`;
    const { starts, answer, execute, assertGone } = kernel(t, script, flavour);
    assert.equal((await execute()).failure, null);
    assert.equal(answer(), "4");
    assert.equal(starts().length, 2);
    await assertGone();
  });
}

/** Faults that leave the notebook as it is. */
const HARMLESS = {
  "a channel that says that nothing came, where it was to wait without end": `
import queue
from jupyter_client import channels
for name in ("ZMQSocketChannel", "AsyncZMQSocketChannel"):
    channel = getattr(channels, name, None)
    if channel is None or "get_msg" not in vars(channel): continue
    def spoil(get):
        async def get_msg(self, timeout=None):
            self.spoilt = getattr(self, "spoilt", 0) + (timeout is None)
            if timeout is None and self.spoilt % 2: raise queue.Empty
            return await get(self, timeout=timeout)
        return get_msg
    if name != "ZMQSocketChannel" or not hasattr(channels, "AsyncZMQSocketChannel"): channel.get_msg = spoil(channel.get_msg)
`,
  "an interpreter that cannot shut down": "import atexit, os\natexit.register(os._exit, 3)\n",
  "a client that fails when all cells are executed": `
from nbclient import NotebookClient
async def fail(self): assert self is None
NotebookClient._async_cleanup_kernel = fail
`,
};

for (const [name, fault] of Object.entries(HARMLESS)) {
  test(`a notebook is executed in spite of ${name}`, { skip }, async (t) => {
    const { starts, answer, execute, assertGone } = kernel(t);
    inject(t, fault);
    assert.equal((await execute()).failure, null);
    assert.equal(answer(), "4");
    assert.equal(starts().length, 1);
    await assertGone();
  });
}

test("where Jupyter's client gives up within a cell, the cell and the place are said, and no kernel is left", {
  skip,
}, async (t) => {
  const { starts, execute, assertGone } = kernel(t);
  inject(
    t,
    `
from nbclient import NotebookClient
async def give_up(self, *rest):
    assert self is None
NotebookClient._check_raise_for_error = give_up
`,
  );
  await assert.rejects(execute(), {
    name: "RunError",
    message:
      /^Jupyter's client gave up in cell 1: AssertionError at .*sitecustomize\.py, line 4: assert self is None$/,
  });
  assert.equal(starts().length, 1);
  await assertGone();
});

test("a cell of which not all comes that it shows has failed", { skip }, async (t) => {
  const { execute, assertGone } = kernel(t);
  inject(
    t,
    `
from nbclient import NotebookClient
make, process = NotebookClient.__init__, NotebookClient.process_message
def impatient(self, *args, **options): make(self, *args, **{**options, "iopub_timeout": 1})
def lose(self, message, *rest): return None if message["msg_type"] == "status" else process(self, message, *rest)
NotebookClient.__init__, NotebookClient.process_message = impatient, lose
`,
  );
  const { failure } = await execute();
  assert.deepEqual(failure, { cell: 1, message: "not all that it shows came within 1 s" });
  await assertGone();
});

for (const when of ["starts", "runs a cell"]) {
  test(`where it is aborted while the kernel ${when}, no kernel is left, and none is started again`, {
    skip,
  }, async (t) => {
    const { starts, execute, assertGone } = kernel(t, when === "starts" ? "sleep 1" : "");
    const controller = new AbortController();
    const stop = () => controller.abort(new Error("stopped"));
    const executed = assert.rejects(execute(controller.signal, when === "starts" ? undefined : stop), {
      message: "stopped",
    });
    while (starts().length === 0) await sleep(20);
    if (when === "starts") stop();
    await executed;
    assert.equal(starts().length, 1);
    await assertGone();
  });
}
