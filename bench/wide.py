"""
Reads all clients' rows of a folder, standardizes them and fits scikit-learn's PCA and KMeans; then compares the
components in an experiment directory with NumPy's full decomposition. Prints what it took and what was found.
"""
import glob
import json
import sys
import time
import warnings

import numpy as np
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

warnings.simplefilter("ignore")
folder, k, run = sys.argv[1], int(sys.argv[2]), sys.argv[3]
began = time.perf_counter()
rows = StandardScaler().fit_transform(np.concatenate([np.load(path) for path in sorted(glob.glob(f"{folder}/client_*"))]))
PCA(2, random_state=42).fit(rows)
KMeans(k, n_init=10, random_state=42).fit(rows)
seconds = time.perf_counter() - began

values, vectors = np.linalg.svd(rows - rows.mean(axis=0), full_matrices=False)[1:]
variance = values**2 / (len(rows) - 1)
components = np.load(f"{run}/pca/components.npy")
beyond = components - (components @ vectors[:2].T) @ vectors[:2]
print(json.dumps({
    "seconds": seconds,
    "next": variance[2] / variance[1],
    "sine": np.linalg.norm(beyond, 2),
    "error": np.abs(np.load(f"{run}/pca/explained_variance.npy") / variance[:2] - 1).max(),
    "ratioError": np.abs(np.load(f"{run}/pca/explained_variance_ratio.npy") - variance[:2] / variance.sum()).max(),
}))
