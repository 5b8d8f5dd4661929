"""The program that does the work."""

import os
import shlex
import shutil


def command(*arguments):
    """How to start fedkmeans: FEDKMEANS_COMMAND, else fedkmeans on the path."""
    chosen = shlex.split(os.environ.get("FEDKMEANS_COMMAND", ""))
    if not chosen and shutil.which("fedkmeans") is None:
        raise RuntimeError("fedkmeans is not installed here: neither on the path, nor named by FEDKMEANS_COMMAND")
    return [*(chosen or ["fedkmeans"]), "flower", *arguments]
