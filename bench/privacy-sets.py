"""privacy-sets.py FOLDER DRAWS: writes rows in the box [-1, 1]^d and labels, NAME.DRAW.rows.npy and NAME.DRAW.labels.npy.

Blobs, grid and digits are, draw by draw, those that the rivals' figures of privacy-rivals.mjs were measured on."""

import sys

import numpy as np
from sklearn.datasets import load_digits

folder, draws = sys.argv[1], int(sys.argv[2])


def save(name, draw, rows, labels):
    np.save(f"{folder}/{name}.{draw}.rows.npy", np.clip(rows, -1, 1))
    np.save(f"{folder}/{name}.{draw}.labels.npy", labels.astype(float))


def blobs(n, d, k, rng, sd=0.12):
    means = rng.uniform(-0.8, 0.8, (k, d))
    labels = rng.integers(0, k, n)
    return means[labels] + rng.normal(0, sd, (n, d)), labels


def grid(n, rng):
    places = (-0.75, -0.25, 0.25, 0.75)
    means = np.array([[x, y] for x in places for y in places])
    labels = rng.integers(0, 16, n)
    return means[labels] + rng.normal(0, 0.08, (n, 2)), labels


def digits():
    """Eight principal components of the pixels, which are given beforehand; bounds of 32 everywhere."""
    rows, labels = load_digits(return_X_y=True)
    rows = rows - rows.mean(0)
    components = np.linalg.svd(rows, full_matrices=False)[2]
    order = np.random.default_rng(7).permutation(len(rows))
    return (rows @ components[:8].T / 32)[order], labels[order]


def around(means, sds, shares, n, rng):
    labels = rng.choice(len(means), n, p=shares)
    return means[labels] + rng.normal(0, 1, (n, means.shape[1])) * np.asarray(sds)[labels][:, None], labels


def even(k):
    return np.full(k, 1 / k)


for draw in range(draws):
    save("blobs 2k", draw, *blobs(2000, 5, 5, np.random.default_rng(100 + draw)))
    save("blobs 20k", draw, *blobs(20000, 5, 5, np.random.default_rng(100 + draw)))
    save("grid", draw, *grid(8000, np.random.default_rng(draw)))
    # What does not suit a start that fills the middle of the box.
    rng = np.random.default_rng([draw, 1])
    save("corner", draw, *around(rng.uniform(0.3, 0.9, (6, 4)), np.full(6, 0.06), even(6), 4000, rng))
    save("loose bounds", draw, *around(rng.uniform(-0.25, 0.25, (6, 4)), np.full(6, 0.04), even(6), 4000, rng))
    corners = 0.9 * np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)])
    save("edges", draw, *around(corners, np.full(8, 0.05), even(8), 4000, rng))
    shares = np.array([0.5, 0.2, 0.12, 0.1, 0.05, 0.03])
    save("unequal", draw, *around(rng.uniform(-0.8, 0.8, (6, 4)), np.full(6, 0.1), shares, 6000, rng))
save("digits", 0, *digits())
