"""A party: hands each request to fedkmeans beside it, which has the rows, or to a ClientApp of the party's own."""

import subprocess
from importlib import import_module

from flwr.app import Context, Message
from flwr.clientapp import ClientApp

from .frames import read_frame, write_frame
from .owner import REFUSAL, tell_owner
from .program import command
from .records import from_records, to_records

app = ClientApp()


@app.query()
def answer(message: Message, context: Context) -> Message:
    try:
        if own := context.node_config.get("client-app"):
            return import_module(own).app(message, context)
        records = to_records(*ask(message, context))
    except Exception as error:
        # Flower would send the text of it, which may name files, to the server: it stays on this SuperNode's terminal.
        tell_owner(error)
        records = to_records(REFUSAL, {})
    return Message(records, reply_to=message)


def ask(message, context):
    """The answer of fedkmeans, which says to this SuperNode's terminal what is its owner's alone."""
    header, arrays = from_records(message.content)
    header["node"] = dict(context.node_config)
    with subprocess.Popen(command("client"), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        write_frame(program.stdin, header, arrays)
        program.stdin.close()
        reply = read_frame(program.stdout)
    if reply is None:
        raise RuntimeError(f"fedkmeans ended with code {program.returncode} and no answer")
    return reply
