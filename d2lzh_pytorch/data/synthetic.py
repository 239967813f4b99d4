"""Data that is generated, so that the true parameters are known."""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor


def data_iter(batch_size: int, features: Tensor, labels: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield mini-batches in random order; the last one has what is left.

    Parameters
    ----------
    batch_size
        Number of examples in a batch.
    features
        (n, ...)
    labels
        (n, ...)

    Yields
    ------
    X, y : Tensor
        (b, ...) and (b, ...)

    Raises
    ------
    RuntimeError
        If `batch_size` is not positive, when the first batch is asked for.

    Notes
    -----
    Introduced in section 3.2.
    """
    indices = torch.randperm(len(features))
    for batch in indices.split(batch_size):
        yield features[batch], labels[batch]


def synthetic_linear(
    w: Tensor | Sequence[float], b: float, num_examples: int, noise: float = 0.01
) -> tuple[Tensor, Tensor]:
    """Draw examples of a linear model: y = X w + b + noise.

    Parameters
    ----------
    w
        True weights, (d,), or (d, 1) if the labels shall be a column.
    b
        True bias.
    num_examples
        Number of examples, n.
    noise
        Standard deviation of the noise.

    Returns
    -------
    features : Tensor
        float32, (n, d), from the standard normal distribution.
    labels : Tensor
        float32, (n,), or (n, 1) if `w` is (d, 1).

    Notes
    -----
    Introduced in section 3.2; with 200 inputs in section 3.12.
    """
    w = torch.as_tensor(w, dtype=torch.float32)
    features = torch.randn(num_examples, len(w))
    labels = features @ w + b
    return features, labels + noise * torch.randn_like(labels)


def synthetic_polynomial(
    w: Tensor | Sequence[float], b: float, num_examples: int, noise: float = 0.01
) -> tuple[Tensor, Tensor, Tensor]:
    """Draw examples of a polynomial: y = w1 x + w2 x^2 + ... + b + noise.

    Parameters
    ----------
    w
        True coefficients, (d,): of x, x^2, ..., x^d.
    b
        True constant term.
    num_examples
        Number of examples, n.
    noise
        Standard deviation of the noise.

    Returns
    -------
    features : Tensor
        float32, (n, 1): x, from the standard normal distribution.
    poly_features : Tensor
        float32, (n, d): x, x^2, ..., x^d.
    labels : Tensor
        float32, (n,)

    Notes
    -----
    Introduced in section 3.11.
    """
    w = torch.as_tensor(w, dtype=torch.float32)
    features = torch.randn(num_examples, 1)
    poly_features = features ** torch.arange(1, len(w) + 1)
    labels = poly_features @ w + b
    return features, poly_features, labels + noise * torch.randn_like(labels)
