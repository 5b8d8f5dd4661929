"""Answers one JSON line for each JSON line read: fits scikit-learn's KMeans to rows in a .npy file and times it."""
import json
import sys
import time
import warnings

import numpy as np
import sklearn
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

warnings.simplefilter("ignore")
rows = start = None
for line in sys.stdin:
    task = json.loads(line)
    if "rows" in task:
        rows, start = np.load(task["rows"]), np.load(task["start"])
        answer = {"version": sklearn.__version__}
    else:
        with threadpool_limits(task["threads"]):
            began = time.perf_counter()
            fit = KMeans(len(start), init=start, n_init=1, algorithm=task["algorithm"], tol=task["tolerance"],
                         max_iter=task["maxIterations"]).fit(rows)
            seconds = time.perf_counter() - began
        np.save(task["labels"], fit.labels_.astype(np.int32))
        answer = {"seconds": seconds, "inertia": fit.inertia_, "iterations": fit.n_iter_}
    print(json.dumps(answer), flush=True)
