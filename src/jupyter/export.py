"""Makes something else of a notebook, by nbconvert.

Standard input is JSON: the notebook, the name of a format, whether code is left out, and the name of the file without its
ending, after which files beside it are named. Told with "done" are what nbconvert makes of the notebook, and the files
that this needs beside it, by name, all in base64. Without a notebook it is only checked that there is the format; "failed"
with "usage": true says that there is none.
"""

import base64
import json
import sys

import nbformat
from nbconvert.exporters import get_export_names, get_exporter
from traitlets.config import Config

from told import Failure, run, tell


def encode(contents):
    return base64.b64encode(contents if isinstance(contents, bytes) else contents.encode("utf-8")).decode("ascii")


def export():
    job = json.load(sys.stdin)
    names = get_export_names()
    if job["format"] not in names:
        ours = "notebook, html, report, pdf, markdown"
        expected = "%s or another of nbconvert's: %s" % (ours, ", ".join(sorted(names)))
        raise Failure("no format is named %s: expected %s" % (job["format"], expected), usage=True)
    if "notebook" not in job:
        return tell("done")
    exporter = get_exporter(job["format"])(config=Config({"TemplateExporter": {"exclude_input": job["hidesCode"]}}))
    resources = {"unique_key": job["name"], "output_files_dir": job["name"] + "_files", "metadata": {"name": job["name"]}}
    notebook = nbformat.reads(json.dumps(job["notebook"]), as_version=4)
    output, resources = exporter.from_notebook_node(notebook, resources)
    files = {name: encode(contents) for name, contents in (resources.get("outputs") or {}).items()}
    tell("done", output=encode(output), files=files)


run(export)
