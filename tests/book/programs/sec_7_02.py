"""Section 7.2: gradient descent on a bowl, exact and with noise."""

import sys

import numpy as np

sys.path.append("..")
import d2lzh_pytorch as d2l

eta = 0.1


def f_2d(x1, x2):
    return x1**2 + 2 * x2**2


def gd_2d(x1, x2, s1, s2):
    return (x1 - eta * 2 * x1, x2 - eta * 4 * x2, 0, 0)


def sgd_2d(x1, x2, s1, s2):
    return (
        x1 - eta * (2 * x1 + np.random.normal(0.1)),
        x2 - eta * (4 * x2 + np.random.normal(0.1)),
        0,
        0,
    )


exact = d2l.train_2d(gd_2d)
d2l.show_trace_2d(f_2d, exact)
noisy = d2l.train_2d(sgd_2d)
d2l.show_trace_2d(f_2d, noisy)
