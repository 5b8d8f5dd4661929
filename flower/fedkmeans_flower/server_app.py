"""The server: carries requests and replies between fedkmeans beside it and the nodes."""

import subprocess
import sys
import threading
import time

from flwr.app import Context, Message
from flwr.serverapp import Grid, ServerApp

from .frames import read_frame, write_frame
from .program import command
from .records import from_records, to_records

app = ServerApp()
POLL = 0.2


@app.main()
def main(grid: Grid, context: Context) -> None:
    pipe = subprocess.PIPE
    program = subprocess.Popen(command("server"), stdin=pipe, stdout=pipe, stderr=pipe)
    last_words = []
    teller = threading.Thread(target=tell, args=(program.stderr, last_words), daemon=True)
    teller.start()
    try:
        write_frame(program.stdin, {"config": dict(context.run_config)})
        while (frame := read_frame(program.stdout)) is not None:
            carry_out(grid, program.stdin, *frame)
    except BrokenPipeError:
        pass  # The program has ended, and says why below.
    except BaseException:
        program.kill()
        raise
    code = program.wait()
    teller.join()
    if code != 0:
        raise RuntimeError(last_words[0] if last_words else f"fedkmeans ended with code {code}")


def carry_out(grid, pipe, header, arrays):
    if header["op"] == "nodes":
        write_frame(pipe, {"nodes": [str(node) for node in grid.get_node_ids()]})
    else:
        exchange(grid, pipe, header, arrays)


def exchange(grid, pipe, header, arrays):
    """Sends one request to some nodes and passes on what comes back, until all have answered or time is up."""
    deadline, started = header["deadline"], time.monotonic()
    ends, replies = started + deadline, 0
    records = to_records(header, arrays)
    sent = [
        Message(content=records, dst_node_id=int(node), message_type="query", ttl=deadline) for node in header["to"]
    ]
    unanswered = {}
    for node, message_id in zip(header["to"], grid.push_messages(sent)):
        if message_id is None:
            write_frame(pipe, {"node": node, "error": "the SuperLink did not take the message"})
        else:
            unanswered[message_id] = node
    while unanswered and time.monotonic() < ends:
        for reply in grid.pull_messages(list(unanswered)):
            node = unanswered.pop(reply.metadata.reply_to_message_id, None)
            if node is not None:
                replies += pass_on(pipe, node, reply)
        if replies >= header.get("nodes", len(sent) + 1):
            ends = min(ends, time.monotonic() + header["grace"])
            header["nodes"] = len(sent) + 1
        if unanswered:
            time.sleep(POLL)
    waited = time.monotonic() - started
    for node in unanswered.values():
        write_frame(pipe, {"node": node, "error": f"no answer within {waited:.0f} s"})
    write_frame(pipe, {"end": True})


def pass_on(pipe, node, reply):
    """Whether a reply was one that can be read."""
    if reply.has_error():
        write_frame(pipe, {"node": node, "error": f"{reply.error.reason} (Flower's error {reply.error.code})"})
        return False
    try:
        header, arrays = from_records(reply.content)
        write_frame(pipe, {"node": node, **header}, arrays)
    except (KeyError, TypeError, ValueError):
        write_frame(pipe, {"node": node, "error": "its reply is not of the records that a message has"})
        return False
    return True


def tell(pipe, last_words):
    """What fedkmeans says, for `flwr log`; its last line is the reason where it fails."""
    for line in pipe:
        text = line.decode(errors="replace").rstrip()
        last_words[:] = [text.removeprefix("fedkmeans: ")]
        print(text, file=sys.stderr, flush=True)
