"""Makes something else of a notebook.

Standard input is JSON: the notebook, and the name of a format of nbconvert. Standard output is what nbconvert makes of it.
"""

import json
import sys

import nbformat
from nbconvert.exporters import get_exporter

job = json.load(sys.stdin)
notebook = nbformat.reads(json.dumps(job["notebook"]), as_version=4)
output, _ = get_exporter(job["format"])().from_notebook_node(notebook)
sys.stdout.buffer.write(output if isinstance(output, bytes) else output.encode("utf-8"))
