"""Answers one JSON line for each JSON line read: fits k-means of other libraries to rows in a .npy file and times it."""
import json
import sys
import time
import warnings

import daal4py
import faiss
import mlpack
import numpy as np
import sklearn
import sklearnex
from importlib.metadata import version
from sklearn.cluster import KMeans
from sklearnex.cluster import KMeans as IntelexKMeans
from threadpoolctl import threadpool_limits

warnings.simplefilter("ignore")
threads = int(sys.argv[1])
daal4py.daalinit(threads)
faiss.omp_set_num_threads(threads)


def scikit_learn(estimator, algorithm):
    def fit(rows, start, iterations, tolerance):
        fitted = estimator(len(start), init=start, n_init=1, algorithm=algorithm, tol=tolerance, max_iter=iterations).fit(rows)
        return fitted.cluster_centers_, fitted.labels_, fitted.n_iter_

    return fit


def of_mlpack(algorithm):
    def fit(rows, start, iterations, tolerance):
        found = mlpack.kmeans(
            clusters=len(start), input_=rows, initial_centroids=start, algorithm=algorithm,
            max_iterations=iterations, labels_only=True, allow_empty_clusters=True,
        )
        return found["centroid"], found["output"].ravel(), iterations

    return fit


def of_faiss(rows, start, iterations, tolerance):
    n, d = rows.shape
    kmeans = faiss.Kmeans(d, len(start), niter=iterations, max_points_per_centroid=n, min_points_per_centroid=1)
    kmeans.train(rows, init_centroids=start)
    return kmeans.centroids, kmeans.index.search(rows, 1)[1].ravel(), iterations


FITS = {
    "lloyd": scikit_learn(KMeans, "lloyd"),
    "elkan": scikit_learn(KMeans, "elkan"),
    "intelex": scikit_learn(IntelexKMeans, "lloyd"),
    "faiss": of_faiss,
    "mlpack naive": of_mlpack("naive"),
    "mlpack elkan": of_mlpack("elkan"),
    "mlpack hamerly": of_mlpack("hamerly"),
    "mlpack pelleg-moore": of_mlpack("pelleg-moore"),
}


def inertia(rows, centers, labels):
    blocks = range(0, len(rows), 65536)
    return float(sum(((rows[i : i + 65536] - centers[labels[i : i + 65536]]) ** 2).sum() for i in blocks))


rows = start = None
for line in sys.stdin:
    task = json.loads(line)
    if "rows" in task:
        rows, start = np.load(task["rows"]), np.load(task["start"])
        names = ["scikit-learn", "scikit-learn-intelex", "mlpack", "faiss-cpu"]
        answer = {name: version(name) for name in names}
    else:
        given = [array.astype(np.float32) if task["single"] else array for array in (rows, start)]
        fit = FITS[task["fit"]]
        with threadpool_limits(threads):
            began = time.perf_counter()
            centers, labels, iterations = fit(*given, task["iterations"], task["tolerance"])
            seconds = time.perf_counter() - began
        labels = np.asarray(labels, dtype=np.int32)
        if task.get("labels"):
            np.save(task["labels"], labels)
        answer = {
            "seconds": seconds,
            "inertia": inertia(rows, np.asarray(centers, dtype=np.float64), labels),
            "iterations": int(iterations),
        }
    print(json.dumps(answer), flush=True)
