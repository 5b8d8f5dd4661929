"""How our programs tell what they made, or why they could not.

Standard output is lines of JSON, each with its "type", and only `tell` writes there: what libraries and kernels print goes
to standard error. The last line is of type "done", or, of a program that failed, of type "failed" with a message.
"""

import json
import os
import sys
import traceback

_lines = os.fdopen(os.dup(sys.stdout.fileno()), "w")
os.dup2(sys.stderr.fileno(), sys.stdout.fileno())


class Failure(Exception):
    """What a user is told as it stands, with what else the line of type "failed" says."""

    def __init__(self, message, **facts):
        super().__init__(message)
        self.facts = facts


def tell(kind, **facts):
    print(json.dumps({"type": kind, **facts}), file=_lines, flush=True)


def reason(error):
    """Says in a text why there is an error, also of one that has no text: then by its place."""
    name, text = type(error).__name__, str(error).strip()
    if text:
        return "%s: %s" % (name, text)
    place = traceback.extract_tb(error.__traceback__)[-1]
    return "%s at %s, line %d: %s" % (name, place.filename, place.lineno, place.line)


def run(program):
    """Runs a program to the end of this process, whose exit status is 1 if the program failed.

    The interpreter is not shut down: what goes wrong then is no failure of the program's, and would be taken for one.
    """
    status = 1
    try:
        program()
        status = 0
    except Failure as failure:
        tell("failed", message=str(failure), **failure.facts)
    except BaseException as error:
        tell("failed", message=reason(error))
    sys.stderr.flush()
    os._exit(status)
