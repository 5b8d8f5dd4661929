"""sets.py FOLDER: writes the rows and the labels of scikit-learn's iris, wine, breast cancer and digits as .npy files."""

import sys

import numpy as np
from sklearn import datasets

folder = sys.argv[1]
for name in ["iris", "wine", "breast_cancer", "digits"]:
    rows, labels = getattr(datasets, f"load_{name}")(return_X_y=True)
    np.save(f"{folder}/{name}_rows.npy", rows.astype(float))
    np.save(f"{folder}/{name}_labels.npy", labels.astype(float))
