"""Frames on a pipe to fedkmeans, and Flower's records of them."""

import json
import struct

import numpy as np
from flwr.app import Array, ArrayRecord, ConfigRecord, RecordDict


def write_frame(pipe, header, arrays=None):
    """A frame: length of the header (uint32), the header (JSON), the arrays' bytes; all little-endian, C order."""
    values = [(name, np.ascontiguousarray(a, a.dtype.newbyteorder("<"))) for name, a in (arrays or {}).items()]
    specs = [[name, a.dtype.name, list(a.shape), a.nbytes] for name, a in values]
    head = json.dumps({**header, "arrays": specs}, allow_nan=False).encode()
    pipe.write(struct.pack("<I", len(head)) + head)
    for _, a in values:
        pipe.write(a.tobytes())
    pipe.flush()


def read_frame(pipe):
    """Header and arrays of the next frame; None at the end."""
    size = pipe.read(4)
    if len(size) < 4:
        return None
    header = json.loads(pipe.read(struct.unpack("<I", size)[0]))
    arrays = {}
    for name, dtype, shape, length in header.pop("arrays"):
        arrays[name] = np.frombuffer(pipe.read(length), np.dtype(dtype).newbyteorder("<")).reshape(shape)
    return header, arrays


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
