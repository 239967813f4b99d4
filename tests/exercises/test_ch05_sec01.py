"""Wrong answers to the exercises of section 5.1."""

import pytest
import torch
from torch.testing import assert_close

from d2lzh_pytorch.layers import corr2d


def transposed(K, h, w):
    images = torch.eye(h * w).reshape(-1, h, w)
    return torch.stack([corr2d(image, K).flatten() for image in images])


def matrix_of_the_flipped_kernel(K, h, w):
    images = torch.eye(h * w).reshape(-1, h, w)
    return torch.stack([corr2d(image, K.flip(0, 1)).flatten() for image in images], dim=1)


def windows_run_on_past_the_row(K, h, w):
    rows, cols = h - K.shape[0] + 1, w - K.shape[1] + 1
    M = torch.zeros(rows * cols, h * w)
    for t in range(rows * cols):
        for a in range(K.shape[0]):
            for b in range(K.shape[1]):
                M[t, (t + a * w + b) % (h * w)] = K[a, b]  # forgets the jump to the next row
    return M


def square_images_only(K, h, w):
    images = torch.eye(h * h).reshape(-1, h, h)
    return torch.stack([corr2d(image, K).flatten() for image in images], dim=1)


def from_the_first_windows_alone(X, Y):
    h, w = X.shape[0] - Y.shape[0] + 1, X.shape[1] - Y.shape[1] + 1
    rows, cols = Y.shape
    windows = [X[i : i + h, j : j + w].flatten() for i in range(rows) for j in range(cols)]
    solution = torch.linalg.solve(torch.stack(windows[: h * w]), Y.flatten()[: h * w])
    return solution.reshape(h, w)


def as_if_the_windows_were_uncorrelated(X, Y):
    return corr2d(X, Y) / corr2d(X.square(), torch.ones_like(Y))


def flipped(X, Y):
    return right_kernel(X, Y).flip(0, 1)


def columns_first(X, Y):
    h, w = X.shape[0] - Y.shape[0] + 1, X.shape[1] - Y.shape[1] + 1
    rows, cols = Y.shape
    windows = [X[i : i + h, j : j + w].T.flatten() for i in range(rows) for j in range(cols)]
    return torch.linalg.lstsq(torch.stack(windows), Y.reshape(-1, 1)).solution.reshape(h, w)


def right_kernel(X, Y):
    """Not by least squares over windows, but by the normal equations on unfolded views."""
    h, w = X.shape[0] - Y.shape[0] + 1, X.shape[1] - Y.shape[1] + 1
    windows = X.unfold(0, h, 1).unfold(1, w, 1).reshape(-1, h * w)
    return torch.linalg.solve(windows.T @ windows, windows.T @ Y.flatten()).reshape(h, w)


def applied_to_each_other(K1, K2):
    h, w = K2.shape
    padded = torch.zeros(K1.shape[0] + 2 * h - 2, K1.shape[1] + 2 * w - 2)
    padded[h - 1 : h - 1 + K1.shape[0], w - 1 : w - 1 + K1.shape[1]] = K1
    return corr2d(padded, K2)  # right with K2 turned around


def one_entry_too_large(K1, K2):
    K = torch.zeros(K1.shape[0] + K2.shape[0], K1.shape[1] + K2.shape[1])
    K[:-1, :-1] = merged(K1, K2)
    return K


def turned_around(K1, K2):
    return merged(K1, K2).flip(0, 1)


def overwritten_instead_of_added(K1, K2):
    (h, w), (h2, w2) = K1.shape, K2.shape
    K = torch.zeros(h + h2 - 1, w + w2 - 1)
    for a in range(h2):
        for b in range(w2):
            K[a : a + h, b : b + w] = K1 * K2[a, b]
    return K


def merged(K1, K2):
    """Find the merged kernel by what it does to an image with a single spot."""
    h, w = K1.shape[0] + K2.shape[0] - 1, K1.shape[1] + K2.shape[1] - 1
    spot = torch.zeros(2 * h - 1, 2 * w - 1)
    spot[h - 1, w - 1] = 1
    return corr2d(corr2d(spot, K1), K2).flip(0, 1)


WRONG = {
    "5.1-1": [
        transposed,
        matrix_of_the_flipped_kernel,
        windows_run_on_past_the_row,
        square_images_only,
    ],
    "5.1-2": [
        from_the_first_windows_alone,
        as_if_the_windows_were_uncorrelated,
        flipped,
        columns_first,
    ],
    "5.1-3": [
        applied_to_each_other,
        one_entry_too_large,
        turned_around,
        overwritten_instead_of_added,
    ],
}


@pytest.mark.parametrize(
    ("shape", "kernel"), [((3, 3), (2, 2)), ((6, 8), (3, 2)), ((5, 4), (5, 4))]
)
def test_matrix_does_what_corr2d_does(shape, kernel):
    from d2lzh_pytorch.exercises.ch05.sec01 import corr2d_matrix

    X, K = torch.randn(shape), torch.randn(kernel)
    y = corr2d_matrix(K, *shape) @ X.flatten()
    assert_close(y, corr2d(X, K).flatten())


def test_matrix_of_the_section_has_sixteen_weights():
    from d2lzh_pytorch.exercises.ch05.sec01 import corr2d_matrix

    M = corr2d_matrix(torch.arange(1.0, 5.0).reshape(2, 2), 3, 3)
    assert M.shape == (4, 9)
    assert (M != 0).sum() == 16
    assert M.unique().tolist() == [0, 1, 2, 3, 4]


def test_other_ways_to_the_same_kernels():
    from d2lzh_pytorch.exercises import checking, engine

    for exercise_id, answer in (("5.1-2", right_kernel), ("5.1-3", merged)):
        result = checking.examine(engine.find(exercise_id), answer)
        assert result.verdict is checking.Verdict.PASSED, result.message


def test_kernel_of_the_edge_image_is_found():
    from d2lzh_pytorch.exercises.ch05.sec01 import find_kernel

    X = torch.ones(6, 8)
    X[:, 2:6] = 0
    K = torch.tensor([[1.0, -1.0]])
    assert_close(find_kernel(X, corr2d(X, K)), K)


def test_merged_kernel_is_two_layers():
    from d2lzh_pytorch.exercises.ch05.sec01 import merge_kernels

    X, K1, K2 = torch.randn(9, 8), torch.randn(3, 2), torch.randn(2, 4)
    assert_close(corr2d(X, merge_kernels(K1, K2)), corr2d(corr2d(X, K1), K2))
