"""A party: hands each request to fedkmeans beside it, which has the rows, or to a ClientApp of the party's own."""

import subprocess
from importlib import import_module

from flwr.app import Context, Message
from flwr.clientapp import ClientApp

from .frames import read_frame, write_frame
from .program import command
from .records import from_records, to_records

app = ClientApp()


@app.query()
def answer(message: Message, context: Context) -> Message:
    if own := context.node_config.get("client-app"):
        return import_module(own).app(message, context)
    header, arrays = from_records(message.content)
    header["node"] = dict(context.node_config)
    # What it says of the rows goes to this SuperNode's terminal: nothing of that travels.
    with subprocess.Popen(command("client"), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        write_frame(program.stdin, header, arrays)
        program.stdin.close()
        reply = read_frame(program.stdout)
    if reply is None:
        raise RuntimeError(f"fedkmeans ended with code {program.returncode} and no answer")
    return Message(to_records(*reply), reply_to=message)
