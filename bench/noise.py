"""Draws noise on request: a line of JSON {"sigma", "draws"} each, answered by the seconds that OpenDP's exact discrete Gaussian takes for
so many integers, and those of NumPy's floating-point Gaussian for 100 times as many."""
import json
import sys
import time
from importlib.metadata import version

import numpy as np
import opendp.prelude as dp

dp.enable_features("contrib")
space = dp.vector_domain(dp.atom_domain(T="i64")), dp.l2_distance(T="f64")
random = np.random.default_rng()


def seconds(call):
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


for line in sys.stdin:
    task = json.loads(line)
    exact = dp.m.make_gaussian(*space, scale=float(task["sigma"]))
    zeros = [0] * task["draws"]
    answer = {
        "OpenDP": seconds(lambda: exact(zeros)),
        "NumPy": seconds(lambda: random.normal(0, task["sigma"], 100 * task["draws"])) / 100,
        "versions": {"OpenDP": version("opendp"), "NumPy": np.__version__},
    }
    print(json.dumps(answer), flush=True)
