"""A ClientApp in Python beside parties that run fedkmeans, for a SuperNode with --node-config 'client-app="numpy_client_app"'.

fedkmeans only makes and keeps the groups of the party's rows; all that leaves is computed here, from their points.
"""

import json
import os
import shlex
import subprocess

from fedkmeans_flower.owner import REFUSAL, tell_owner
from fedkmeans_flower.records import from_records, to_records
from flwr.app import Context, Message
from flwr.clientapp import ClientApp
from numpy_answers import Party, Refusal, answer

app = ClientApp()


@app.query()
def query(message: Message, context: Context) -> Message:
    try:
        header, arrays = from_records(message.content)
        party = party_of(header, context.node_config)
        about, scalars, arrays = answer(header["message"], header["scalars"], arrays, party)
        records = to_records({"message": about, "scalars": scalars}, arrays)
    except Refusal as refusal:
        records = to_records({"message": {"refusal": str(refusal)}, "scalars": {}}, {})
    except Exception as error:  # Whatever it says stays in this SuperNode's terminal.
        tell_owner(error)
        records = to_records(REFUSAL, {})
    return Message(records, reply_to=message)


def party_of(header, config):
    """The points of the run: fixed by its first request, a handshake, and the same ones from then on."""
    message, scalars = header["message"], header["scalars"]
    if message["data_source"] != config.get("data-source", "test_data"):
        raise Refusal("it has no rows of that name")
    groups = [*shlex.split(os.environ.get("FEDKMEANS_COMMAND", "fedkmeans")), "groups"]
    if message["kind"] == "handshake":
        groups += [config["data-path"], "--run-group-size", str(scalars["group_size"])]
    groups += ["--state-dir", config["state-dir"], f"--run={message['run']}", "--points", "-"]
    if config.get("share-labels"):
        groups.append("--share-labels")
    written = subprocess.run(groups, stdout=subprocess.PIPE, check=True).stdout
    return Party(config["name"], json.loads(written))
