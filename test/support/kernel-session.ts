import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { findDeno } from "#src/jupyter/find-deno.js";
import { findTslab } from "#src/jupyter/find-tslab.js";
import { type Flavour, installKernelspec, makeKernelspec } from "#src/jupyter/kernelspec.js";
import { runPython } from "./python.js";

/** What a frontend does: executes a cell, executes one again until it does not fail, or interrupts the kernel. */
export type Step = string | { until: string } | { interrupts: number };

/** What a frontend was told of a cell. */
export interface Told {
  reply: { status: string; execution_count?: number; ename?: string; evalue?: string; traceback?: string[] };
  /** The messages between "busy" and "idle", in order. */
  outputs: { type: string; content: Output }[];
  /** The messages that came for this cell later, while the next step was done. */
  late: { type: string; content: Output }[];
}

interface Output {
  name?: string;
  text?: string;
  ename?: string;
  evalue?: string;
  traceback?: string[];
  execution_count?: number;
  data?: Record<string, string>;
}

/**
 * Talks to a kernel of ours as a frontend does (Jupyter's own client).
 *
 * @param folder where the kernel runs; a folder "jupyter" is written into it
 * @returns of each cell what the frontend was told
 */
export function converse(flavour: Flavour, folder: string, steps: readonly Step[]): Told[] {
  const dataDir = join(folder, "jupyter");
  mkdirSync(dataDir, { recursive: true });
  const program = flavour === "tslab" ? findTslab() : findDeno();
  installKernelspec(dataDir, "k", makeKernelspec(flavour, program!));
  return JSON.parse(runPython(SESSION, [dataDir, folder], JSON.stringify(steps))) as Told[];
}

/** The texts a cell printed, on either stream. */
export function streamed({ outputs }: Told): string {
  return outputs.map(({ content }) => content.text ?? "").join("");
}

/**
 * The beginning of a Python script that talks to the kernel "k": sys.argv[1] is Jupyter's data folder, sys.argv[2] where
 * the kernel runs. Jupyter looks for ports that are free, and another program may take one before the kernel does: then
 * the kernel is started once more.
 */
export const START_KERNEL: string = `
import json, os, queue, subprocess, sys, time
os.environ["JUPYTER_PATH"], folder = sys.argv[1:3]
from jupyter_client.manager import start_new_kernel
def start_kernel():
    return start_new_kernel(kernel_name="k", cwd=folder, startup_timeout=300, stdout=subprocess.DEVNULL)
try: manager, client = start_kernel()
except RuntimeError: manager, client = start_kernel()
`;

const SESSION = `${START_KERNEL}
cells = {}
def take(message):
    told = cells.get(message["parent_header"].get("msg_id"))
    if told is None: return
    content, kind = message["content"], message["msg_type"]
    if kind == "execute_reply": told["reply"] = content
    elif kind != "status": told["late" if told["idle"] else "outputs"].append({"type": kind, "content": content})
    elif content["execution_state"] == "idle": told["idle"] = True
def execute(code):
    sent = client.execute(code)
    told = cells[sent] = {"outputs": [], "late": [], "reply": None, "idle": False}
    patience = time.time() + 100
    while not (told["idle"] and told["reply"]):
        assert time.time() < patience and manager.is_alive(), "no answer to %s, only %s" % (code, told)
        for get, seconds in ((client.get_iopub_msg, 0.05), (client.get_shell_msg, 0.001)):
            try: take(get(timeout=seconds))
            except queue.Empty: pass
    return sent
try:
    shown = []
    for step in json.load(sys.stdin):
        if isinstance(step, str): shown.append(execute(step))
        elif "until" in step:
            patience = time.time() + 100
            while cells[sent := execute(step["until"])]["reply"]["status"] != "ok" and time.time() < patience: time.sleep(0.2)
            shown.append(sent)
        else:
            for _ in range(step["interrupts"]):
                manager.interrupt_kernel()
                time.sleep(0.1)
    print(json.dumps([cells[sent] for sent in shown], default=str))
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
`;
