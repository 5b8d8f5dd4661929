"""Reads all clients' rows of a folder, standardizes them and fits scikit-learn's KMeans once; prints what it took."""
import glob
import json
import sys
import time
import warnings

began = time.perf_counter()
import numpy as np
from sklearn.cluster import KMeans
from sklearn.preprocessing import StandardScaler

warnings.simplefilter("ignore")
folder, k = sys.argv[1], int(sys.argv[2])
parts = []
for path in sorted(glob.glob(f"{folder}/client_*")):
    loaded = np.load(path)
    parts.append(loaded if path.endswith(".npy") else loaded["X"])
rows = np.concatenate(parts)
del parts, loaded
StandardScaler(copy=False).fit_transform(rows)
KMeans(k, n_init=1, random_state=42, copy_x=False).fit(rows)
print(json.dumps({"seconds": time.perf_counter() - began}))
