"""The server: carries requests and replies between fedkmeans beside it and the nodes."""

import math
import subprocess
import sys
import threading
import time

from flwr.app import Context, Message
from flwr.serverapp import Grid, ServerApp

from .frames import frame, header_length, read_frame, write_frame
from .program import command
from .records import from_records, to_records

app = ServerApp()
# Seconds between two looks at who has answered, and those that fedkmeans has to end in good order.
POLL = 0.2
PATIENCE = 5
# Bytes of a reply at most, so that none ends the run of all: of its texts and numbers, and of its arrays.
LONGEST = 2**26
LARGEST = 2**31


@app.main()
def main(grid: Grid, context: Context) -> None:
    pipe = subprocess.PIPE
    program = subprocess.Popen(command("server"), stdin=pipe, stdout=pipe, stderr=pipe)
    last_words = []
    teller = threading.Thread(target=tell, args=(program.stderr, last_words), daemon=True)
    teller.start()
    try:
        write_frame(program.stdin, {"config": plain(context.run_config)})
        while (request := read_frame(program.stdout)) is not None:
            carry_out(grid, program.stdin, *request)
    except (BrokenPipeError, EOFError):
        pass  # The program has ended, and says why below.
    except BaseException:
        stop(program)
        raise
    code = program.wait()
    teller.join()
    if code != 0:
        # What it said is all there is to know: no line of this file is of use.
        sys.tracebacklimit = 0
        raise RuntimeError(last_words[0] if last_words else f"fedkmeans ended with code {code}")


def plain(config):
    """What JSON has no number for goes as text, for fedkmeans to refuse."""
    return {
        key: str(value) if isinstance(value, float) and not math.isfinite(value) else value
        for key, value in config.items()
    }


def stop(program):
    program.terminate()
    try:
        program.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        program.kill()


def carry_out(grid, pipe, header, arrays):
    if header["op"] == "nodes":
        write_frame(pipe, {"nodes": [str(node) for node in grid.get_node_ids()]})
    else:
        exchange(grid, pipe, header, arrays)


def exchange(grid, pipe, header, arrays):
    """Sends one request to some nodes and passes on what comes back, until all have answered or time is up."""
    nodes, deadline, started = header["to"], header["deadline"], time.monotonic()
    ends, answers, enough = started + deadline, 0, header.get("nodes")
    records = to_records(header, arrays)
    sent = [Message(content=records, dst_node_id=int(node), message_type="query", ttl=deadline) for node in nodes]
    ids = list(grid.push_messages(sent))
    # None of a message that was not taken; fewer where none was, as they are too large.
    taken = ids if len(ids) == len(nodes) else [None] * len(nodes)
    unanswered = {}
    for node, message_id in zip(nodes, taken):
        if message_id is None:
            write_frame(pipe, {"node": node, "error": "the SuperLink did not take the message"})
        else:
            unanswered[message_id] = node
    while unanswered and time.monotonic() < ends:
        for reply in grid.pull_messages(list(unanswered)):
            node = unanswered.pop(reply.metadata.reply_to_message_id, None)
            if node is not None:
                answers += pass_on(pipe, node, reply)
        if enough is not None and answers >= enough:
            ends, enough = min(ends, time.monotonic() + header["grace"]), None
        if unanswered:
            time.sleep(POLL)
    waited = time.monotonic() - started
    for node in unanswered.values():
        write_frame(pipe, {"node": node, "error": f"no answer within {waited:.0f} s"})
    write_frame(pipe, {"end": True})


def pass_on(pipe, node, reply):
    """Whether a reply was an answer: neither an error nor a refusal."""
    is_answer = False
    if reply.has_error():
        passed = frame({"node": node, "error": f"{reply.error.reason} (Flower's error {reply.error.code})"})
    else:
        try:
            header, arrays = from_records(reply.content)
            passed = frame({**header, "node": node}, arrays)
            if excess := excess_of(passed, arrays):
                passed = frame({"node": node, "error": f"its reply has more than {excess}"})
            else:
                is_answer = "refusal" not in header["message"]
        except Exception:  # A node may send whatever it likes: NaN, bytes, arrays of anything, no records.
            passed = frame({"node": node, "error": "its reply is not of the records that a message has"})
    pipe.write(passed)
    pipe.flush()
    return is_answer


def excess_of(passed, arrays):
    """What a frame has too much of; None if nothing."""
    if header_length(passed) > LONGEST:
        return f"{LONGEST} bytes of text and numbers"
    if sum(array.nbytes for array in arrays.values()) > LARGEST:
        return f"{LARGEST} bytes of arrays"
    return None


def tell(pipe, last_words):
    """What fedkmeans says, for `flwr log`; its last line is the reason where it fails."""
    for line in pipe:
        text = line.decode(errors="replace").rstrip()
        last_words[:] = [text.removeprefix("fedkmeans: ")]
        print(text, file=sys.stderr, flush=True)
