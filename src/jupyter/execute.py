"""Executes a notebook cell by cell. Times are left out, so that outputs can be compared.

Standard input is JSON: the notebook, the name of its kernel, the folder where its cells run, and "patience". That is 0,
or, for a kernel that says that a cell is done before all the cell printed is published, the seconds without a message
after which no more messages are expected. Told are {"type": "start" or "end", "index"} as each code cell starts and ends;
with "done" the executed notebook, and the failure, which is the index of the cell and a message, or null; with "failed",
where the kernel did not start, "started": false, and "again": whether it may if it is asked once more.
"""

import asyncio
import contextlib
import json
import queue
import sys
import time
import uuid

import nbformat
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from told import Failure, reason, run, tell

# Seconds. A kernel that ends is noticed at once: only one that hangs takes as long.
STARTS_WITHIN = 120
# From the reply to a cell until all the cell shows has come. Jupyter's own, 4, is too few where much is shown, or where
# this process or the kernel is stopped for a while, and what came later would be missing without a word.
SHOWN_WITHIN = 60


class Client(NotebookClient):
    manager = None
    is_finished = False

    def create_kernel_manager(self):
        self.manager = super().create_kernel_manager()
        return self.manager

    def set_widgets_metadata(self):
        super().set_widgets_metadata()
        self.is_finished = True

    async def end_kernel(self):
        """Ends what Jupyter's client leaves running if it fails on its way."""
        if self.manager is None:
            return
        # What goes wrong here is no failure of the notebook's.
        with contextlib.suppress(Exception):
            if self.manager.has_kernel:
                await self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_connection_file()


def keep_waiting(channel):
    """Has a channel go on waiting where no timeout was given: Jupyter's client takes it for certain that it does."""
    get = channel.get_msg

    async def get_msg(timeout=None):
        while True:
            try:
                return await get(timeout=timeout)
            except queue.Empty:
                if timeout is not None:
                    raise
            await asyncio.sleep(0.05)

    channel.get_msg = get_msg


def execute():
    job = json.load(sys.stdin)
    notebook = nbformat.reads(json.dumps(job["notebook"]), as_version=4)
    failure = asyncio.run(execute_notebook(notebook, job))
    tell("done", notebook=json.loads(nbformat.writes(notebook, version=4)), failure=failure)


async def execute_notebook(notebook, job):
    """Executes it in place, and says which cell failed and why, or None."""
    running = None

    def note_ready(notebook):
        keep_waiting(client.kc.shell_channel)
        keep_waiting(client.kc.iopub_channel)

    def note_start(cell, cell_index):
        nonlocal running
        running = cell_index
        if cell.cell_type == "code":
            tell("start", index=cell_index)

    async def note_end(cell, cell_index, execute_reply):
        if job["patience"]:
            await take_late(client, cell, cell_index, execute_reply, job["patience"])
        tell("end", index=cell_index)

    client = Client(
        notebook,
        kernel_name=job["kernel"],
        timeout=None,
        startup_timeout=STARTS_WITHIN,
        iopub_timeout=SHOWN_WITHIN,
        raise_on_iopub_timeout=True,
        record_timing=False,
        resources={"metadata": {"path": job["folder"]}},
        on_notebook_start=note_ready,
        on_cell_start=note_start,
        on_cell_executed=note_end,
    )
    began = time.monotonic()
    try:
        await client.async_execute()
    except NoSuchKernel:
        raise Failure("no kernel is named %s; jupyter kernelspec list names those there are" % job["kernel"])
    except CellExecutionError as error:
        return {"index": running, "message": "%s: %s" % (error.ename, error.evalue)}
    except CellTimeoutError:
        return {"index": running, "message": "not all that it shows came within %d s" % client.iopub_timeout}
    except Exception as error:
        if client.is_finished:
            return None
        if running is None:
            hung = time.monotonic() - began > STARTS_WITHIN
            message = 'the kernel "%s" did not start: %s' % (job["kernel"], str(error) or reason(error))
            raise Failure(message, started=False, again=not hung)
        if isinstance(error, DeadKernelError):
            return {"index": running, "message": "the kernel died"}
        raise Failure("Jupyter's client gave up in cell %d: %s" % (running + 1, reason(error)))
    finally:
        await client.end_kernel()
    return None


async def take_late(client, cell, cell_index, execute_reply, patience):
    """Takes the messages that come after the cell is said to be done.

    The kernel publishes in order, so all are there once a mark is there that is printed after them.
    """
    mark = uuid.uuid4().hex
    marking = client.kc.execute("console.log(%s)" % json.dumps(mark), silent=True, store_history=False)
    requests = (execute_reply["parent_header"]["msg_id"], marking)
    while True:
        try:
            message = await client.kc.iopub_channel.get_msg(timeout=patience)
        except queue.Empty:
            return
        if message["parent_header"].get("msg_id") not in requests:
            continue
        if mark in message["content"].get("text", ""):
            return
        if message["msg_type"] not in ("status", "execute_input"):
            client.process_message(message, cell, cell_index)


run(execute)
