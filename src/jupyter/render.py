"""Makes HTML of Markdown and of code, as nbconvert does.

Standard input is JSON: "markdown" and "code", lists of texts, and "lexer", Pygments' name of the language. Told with
"done" are the same lists, each text as HTML.
"""

import json
import sys

from nbconvert.filters import Highlight2HTML, markdown2html

from told import run, tell


def render():
    job = json.load(sys.stdin)
    highlight = Highlight2HTML(pygments_lexer=job["lexer"])
    markdown = [markdown2html(text) for text in job["markdown"]]
    tell("done", markdown=markdown, code=[highlight(text) for text in job["code"]])


run(render)
