"""ALIGNF weights by NumPy: centred Gram matrices, their inner products, non-negative least squares.

    alignf.py GRAMS KERNELS ROWS CLASSES

GRAMS holds float32 matrices one after the other; row i is of class i mod CLASSES. Says its version, then answers each line of its
input with the weights of one computation. What is centred is written to memory that stays.
"""
import sys

import numpy as np


def centre(gram, out):
    mean = gram.mean(axis=0)
    np.subtract(gram, mean, out=out)
    out -= mean[:, None] - mean.mean()


def nonnegative(matrix, right):
    """The least x'Mx / 2 - a'x with x of 0 or more, by active sets (Lawson and Hanson 1974)."""
    x, passive = np.zeros(len(right)), np.zeros(len(right), bool)
    while True:
        gradient = np.where(passive, -np.inf, right - matrix @ x)
        if passive.all() or gradient.max() <= 1e-12 * abs(right).max():
            return x
        passive[gradient.argmax()] = True
        while True:
            step = np.zeros(len(right))
            step[passive] = np.linalg.solve(matrix[np.ix_(passive, passive)], right[passive])
            if step[passive].min() > 0:
                x = step
                break
            falling = passive & (step <= 0)
            x = x + (x[falling] / (x[falling] - step[falling])).min() * (step - x)
            passive &= x > 1e-15


def alignf(grams, target, flat):
    for row, gram in zip(flat, [*grams, target]):
        centre(gram, row.reshape(gram.shape))
    products = (flat @ flat.T).astype(float)
    weights = nonnegative(products[:-1, :-1], products[:-1, -1])
    return weights / weights.sum()


def main():
    kernels, rows, classes = map(int, sys.argv[2:5])
    grams = np.memmap(sys.argv[1], np.float32, "r", shape=(kernels, rows, rows))
    flat = np.empty((kernels + 1, rows * rows), np.float32)
    labels = np.arange(rows) % classes
    print("numpy", np.__version__, flush=True)
    for _ in sys.stdin:
        target = (labels[:, None] == labels).astype(np.float32)
        print(*(repr(float(weight)) for weight in alignf(grams, target, flat)), flush=True)


main()
