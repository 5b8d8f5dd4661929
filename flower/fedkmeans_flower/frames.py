"""Frames on a pipe to fedkmeans."""

import json
import struct

import numpy as np


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
