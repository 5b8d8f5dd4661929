"""groups.py ROWS.npy K: fits KMeans with ten restarts once; prints seconds, CPU seconds and the version."""

import json
import sys
import time

import numpy
import sklearn
from sklearn.cluster import KMeans

path, k = sys.argv[1:]
rows = numpy.load(path)
cpu = time.process_time()
start = time.perf_counter()
KMeans(int(k), n_init=10, random_state=0).fit(rows)
seconds = time.perf_counter() - start
print(json.dumps({"seconds": seconds, "cpuSeconds": time.process_time() - cpu, "version": sklearn.__version__}))
