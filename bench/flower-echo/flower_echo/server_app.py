"""A server that asks all nodes a few times, one exchange after another, as Flower's own strategies do."""

import time

from flwr.app import ConfigRecord, Context, Message, RecordDict
from flwr.serverapp import Grid, ServerApp

app = ServerApp()


@app.main()
def main(grid: Grid, context: Context) -> None:
    while len(list(grid.get_node_ids())) < context.run_config["nodes"]:
        time.sleep(0.2)
    nodes = list(grid.get_node_ids())
    content = RecordDict({"message": ConfigRecord({"kind": "echo"})})
    for exchange in range(1, context.run_config["exchanges"] + 1):
        messages = [Message(content=content, dst_node_id=node, message_type="query") for node in nodes]
        replies = list(grid.send_and_receive(messages))
        if len(replies) != len(nodes) or any(reply.has_error() for reply in replies):
            raise RuntimeError("a node has not answered")
        if exchange == 1:
            # From then on a federation is there, as from a handshake on.
            started = time.monotonic()
    print(f"seconds an exchange {(time.monotonic() - started) / (exchange - 1)}", flush=True)
