/**
 * Python functions that score a clustering by the formulas' own words, in NumPy's longest floating-point numbers:
 * silhouette(X, labels), davies_bouldin(X, labels) and calinski_harabasz(X, labels).
 *
 * scikit-learn's first two rest on distances that it computes as |x|^2 - 2 x.y + |y|^2, which leaves a row a distance
 * to itself of up to some 1e-8 of its norm, or 0, as the processor's BLAS kernel rounds. Here distances come from
 * differences. Degenerate clusterings score as scikit-learn documents: a cluster of one row has silhouette 0; means
 * that coincide are passed over; without spread Davies-Bouldin is 0 and Calinski-Harabasz 1.
 *
 * Sources: Rousseeuw 1987, Davies & Bouldin 1979, Calinski & Harabasz 1974.
 */
export const SCORES: string = `
import numpy as np
def _distances(A, B):
    A, B = np.asarray(A, np.longdouble), np.asarray(B, np.longdouble)
    return np.sqrt(((A[:, None] - B[None]) ** 2).sum(2))
def _clusters(X, labels):
    X, labels = np.asarray(X, np.longdouble), np.asarray(labels)
    return [X[labels == label] for label in np.unique(labels)]
def silhouette(X, labels):
    clusters, total = _clusters(X, labels), np.longdouble(0)
    for i, own in enumerate(clusters):
        if len(own) == 1: continue
        a = _distances(own, own).sum(1) / (len(own) - 1)
        b = np.min([_distances(own, c).mean(1) for j, c in enumerate(clusters) if j != i], axis=0)
        larger = np.maximum(a, b)
        total += np.where(larger > 0, (b - a) / np.where(larger > 0, larger, 1), 0).sum()
    return float(total / len(X))
def davies_bouldin(X, labels):
    clusters = _clusters(X, labels)
    means = np.array([c.mean(0) for c in clusters])
    scatter = np.array([_distances(c, m[None]).mean() for c, m in zip(clusters, means)])
    apart = _distances(means, means)
    ratios = (scatter[:, None] + scatter) / np.where(apart > 0, apart, np.inf)
    return float(ratios.max(1).mean())
def calinski_harabasz(X, labels):
    X, clusters = np.asarray(X, np.longdouble), _clusters(X, labels)
    between = sum(len(c) * ((c.mean(0) - X.mean(0)) ** 2).sum() for c in clusters)
    within = sum(((c - c.mean(0)) ** 2).sum() for c in clusters)
    return float(between * (len(X) - len(clusters)) / (within * (len(clusters) - 1))) if within > 0 else 1.0
`;

/** Largest error of a score of scikit-learn whose distances are off by the square root of the machine's epsilon. */
export const SCIKIT_LEARN_TOLERANCE = 1e-6;
