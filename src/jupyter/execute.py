"""Executes a notebook cell by cell. Times are left out, so that outputs can be compared.

Standard input is JSON: the notebook, the name of its kernel, the folder where its cells run, and "patience". That is 0,
or, for a kernel that says that a cell is done before all the cell printed is published, the seconds without a message
after which no more messages are expected. Standard output is lines of JSON: {"type": "start" or "end", "index"} as each
code cell starts and ends; the last one, of type "done", has the executed notebook, and the failure, which is the index of
the cell and a message, or null.
"""

import json
import os
import queue
import sys
import traceback
import uuid

import nbformat
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

job = json.load(sys.stdin)
notebook = nbformat.reads(json.dumps(job["notebook"]), as_version=4)
running = 0


# What the kernel itself prints, which has this program's output for its own, is none of the lines told.
told = os.fdopen(os.dup(sys.stdout.fileno()), "w")
os.dup2(sys.stderr.fileno(), sys.stdout.fileno())


def tell(kind, **facts):
    print(json.dumps({"type": kind, **facts}), file=told, flush=True)


def note_start(cell, cell_index):
    global running
    running = cell_index
    if cell.cell_type == "code":
        tell("start", index=cell_index)


async def note_end(cell, cell_index, execute_reply):
    if job["patience"]:
        await take_late(cell, cell_index, execute_reply)
    tell("end", index=cell_index)


async def take_late(cell, cell_index, execute_reply):
    """Takes the messages that come after the cell is said to be done.

    The kernel publishes in order, so all are there once a mark is there that is printed after them.
    """
    mark = uuid.uuid4().hex
    marking = client.kc.execute("console.log(%s)" % json.dumps(mark), silent=True, store_history=False)
    requests = (execute_reply["parent_header"]["msg_id"], marking)
    while True:
        try:
            message = await client.kc.iopub_channel.get_msg(timeout=job["patience"])
        except queue.Empty:
            return
        if message["parent_header"].get("msg_id") not in requests:
            continue
        if mark in message["content"].get("text", ""):
            return
        if message["msg_type"] not in ("status", "execute_input"):
            client.process_message(message, cell, cell_index)


client = NotebookClient(
    notebook,
    kernel_name=job["kernel"],
    timeout=None,
    record_timing=False,
    resources={"metadata": {"path": job["folder"]}},
    on_cell_start=note_start,
    on_cell_executed=note_end,
)
failure = None
try:
    client.execute()
except NoSuchKernel:
    sys.exit("no kernel is named %s; jupyter kernelspec list names those there are" % job["kernel"])
except CellExecutionError as error:
    failure = {"index": running, "message": "%s: %s" % (error.ename, error.evalue)}
except DeadKernelError:
    failure = {"index": running, "message": "the kernel died"}
except AssertionError as error:
    # Jupyter's client gives no reason with it, only the place.
    place = traceback.extract_tb(error.__traceback__)[-1]
    sys.exit("Jupyter's client gave up at %s, line %d: %s" % (place.filename, place.lineno, place.line))
written = json.loads(nbformat.writes(notebook, version=4))
tell("done", notebook=written, failure=failure)
