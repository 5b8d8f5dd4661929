"""A message as Flower's records: docs/flower-messages.md has what is in them."""

from flwr.app import Array, ArrayRecord, ConfigRecord, RecordDict


def to_records(header, arrays):
    """The three records of a message. An empty list has no type in Flower, so that it is named beside the others."""
    message, scalars = dict(header["message"]), dict(header["scalars"])
    empty = [name for name, value in scalars.items() if value == []]
    if empty:
        message["empty_lists"] = empty
    return RecordDict({
        "message": ConfigRecord(message),
        "scalars": ConfigRecord({name: value for name, value in scalars.items() if name not in empty}),
        "arrays": ArrayRecord({name: Array(a) for name, a in arrays.items()}),
    })


def from_records(records):
    """Header and arrays of a message's records."""
    message, scalars = dict(records["message"]), dict(records["scalars"])
    for name in message.pop("empty_lists", []):
        scalars[name] = []
    return {"message": message, "scalars": scalars}, {name: a.numpy() for name, a in records["arrays"].items()}
