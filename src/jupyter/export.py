"""Makes something else of a notebook, by nbconvert.

Standard input is JSON: the notebook, the name of a format, whether code is left out, and the name of the file without its
ending, after which files beside it are named. Standard output is JSON: what nbconvert makes of the notebook, and the files
that this needs beside it, by name, all in base64. Without a notebook it is only checked that there is the format.
"""

import base64
import json
import sys

import nbformat
from nbconvert.exporters import get_export_names, get_exporter
from traitlets.config import Config

job = json.load(sys.stdin)
names = get_export_names()
if job["format"] not in names:
    ours = "notebook, html, report, pdf, markdown"
    sys.exit("no format is named %s: expected %s or another of nbconvert's: %s" % (job["format"], ours, ", ".join(sorted(names))))
if "notebook" not in job:
    sys.exit()


def encode(contents):
    return base64.b64encode(contents if isinstance(contents, bytes) else contents.encode("utf-8")).decode("ascii")


exporter = get_exporter(job["format"])(config=Config({"TemplateExporter": {"exclude_input": job["hidesCode"]}}))
resources = {"unique_key": job["name"], "output_files_dir": job["name"] + "_files", "metadata": {"name": job["name"]}}
notebook = nbformat.reads(json.dumps(job["notebook"]), as_version=4)
output, resources = exporter.from_notebook_node(notebook, resources)
files = {name: encode(contents) for name, contents in (resources.get("outputs") or {}).items()}
json.dump({"output": encode(output), "files": files}, sys.stdout)
