"""What is for the owner of a SuperNode alone, on its terminal."""

import sys
import traceback

# What travels instead.
REFUSAL = {"message": {"refusal": "it cannot answer; it tells its owner why"}, "scalars": {}}
LONGEST = 1000


def tell_owner(error):
    """Where an error is from and what it says, in ASCII on one line: a server may have chosen its text."""
    for line in traceback.format_tb(error.__traceback__):
        print(line, end="", file=sys.stderr)
    print(f"{type(error).__name__}: {ascii(str(error)[:LONGEST])}", file=sys.stderr, flush=True)
