"""Canonical correlation by scikit-learn's CCA, all options but the number of components as they are.

    cca.py VIEWS ROWS COLUMNS COMPONENTS

VIEWS holds two float32 matrices one after the other. Says its version, then answers a line "fit" with an empty one when the model is
fitted, and a line "correlations" with those of its variates.
"""
import sys

import numpy as np
import sklearn
from sklearn.cross_decomposition import CCA


def main():
    rows, columns, components = map(int, sys.argv[2:])
    x, y = np.fromfile(sys.argv[1], np.float32).reshape(2, rows, columns)
    model = CCA(n_components=components)
    print("scikit-learn", sklearn.__version__, flush=True)
    for question in map(str.strip, sys.stdin):
        if question == "fit":
            model.fit(x, y)
            print(flush=True)
        else:
            variates = model.transform(x, y)
            print(*(repr(float(np.corrcoef(u, v)[0, 1])) for u, v in zip(*(side.T for side in variates))), flush=True)


main()
