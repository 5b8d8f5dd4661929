"""Frames on a pipe to fedkmeans."""

import json
import struct

import numpy as np


def frame(header, arrays=None):
    """The bytes of a frame: length of the header (uint32), the header (JSON), the arrays; little-endian, C order."""
    values = [(name, np.asarray(a, a.dtype.newbyteorder("<"), order="C")) for name, a in (arrays or {}).items()]
    specs = [[name, a.dtype.name, list(a.shape), a.nbytes] for name, a in values]
    head = json.dumps({**header, "arrays": specs}, allow_nan=False).encode()
    return b"".join([struct.pack("<I", len(head)), head, *(a.tobytes() for _, a in values)])


def header_length(made):
    """Bytes of the header of a frame."""
    return struct.unpack_from("<I", made)[0]


def write_frame(pipe, header, arrays=None):
    pipe.write(frame(header, arrays))
    pipe.flush()


def read_frame(pipe):
    """Header and arrays of the next frame; None at the end. Raises EOFError if that is within a frame."""
    size = pipe.read(4)
    if not size:
        return None
    head = take(pipe, *struct.unpack("<I", size)) if len(size) == 4 else take(pipe, 4)
    header = json.loads(head, parse_int=whole)
    arrays = {}
    for name, dtype, shape, length in header.pop("arrays"):
        arrays[name] = np.frombuffer(take(pipe, length), np.dtype(dtype).newbyteorder("<")).reshape(shape)
    return header, arrays


def take(pipe, length):
    taken = pipe.read(length)
    if len(taken) < length:
        raise EOFError("fedkmeans ended within a frame")
    return taken


def whole(digits):
    """A whole number; beyond what Flower's records hold as one, the float that it is the text of."""
    return int(digits) if len(digits) < 19 else float(digits)
